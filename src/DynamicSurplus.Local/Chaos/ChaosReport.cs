using DynamicSurplus.Engine.Steps;

namespace DynamicSurplus.Local.Chaos;

/// <summary>What came of a run.</summary>
/// <param name="Early">Of the kills: those that met a host which still started.</param>
/// <param name="Answered">Requests that got a last word.</param>
/// <param name="Repeated">Tries beyond the first that they took.</param>
/// <param name="Audit">Of the data, at the end.</param>
/// <param name="Violations">Promises broken, in words; none where all is well.</param>
internal sealed record ChaosReport(
    int Kills,
    int Early,
    int Answered,
    int Repeated,
    AuditReport Audit,
    IReadOnlyCollection<string> Violations
);
