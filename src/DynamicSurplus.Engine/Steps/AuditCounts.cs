namespace DynamicSurplus.Engine.Steps;

/// <summary>How much an audit has looked at.</summary>
/// <param name="Statements">Of settled leases.</param>
/// <param name="Fleets">Those known, and those that leases name.</param>
public sealed record AuditCounts(
    int Leases,
    long Events,
    long PendingEffects,
    int Statements,
    int Views,
    int Fleets,
    int Reservations,
    int Wakeups
);
