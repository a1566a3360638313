using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What a check of the ledger found.</summary>
/// <param name="Findings">In words, each a contradiction that names its lease, account or tick; none: right.</param>
/// <param name="Periods">Billing periods with a posting.</param>
/// <param name="Leases">Whose statements were posted.</param>
/// <param name="Records">Ticks of fleets whose displaced demand was recomputed.</param>
/// <param name="Debits">Of all periods; the credits are the same.</param>
public sealed record LedgerReport(
    IReadOnlyList<string> Findings,
    int Periods,
    int Leases,
    long Records,
    MicroUsd Debits
);
