using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What a check of the ledger found.</summary>
/// <param name="Findings">Each names its lease, fleet or month; none: all agrees.</param>
/// <param name="Periods">Billing periods with a posting.</param>
/// <param name="Leases">Whose statements were posted.</param>
/// <param name="Records">Ticks of fleets whose displaced demand was recomputed.</param>
/// <param name="Debits">Of all periods; the credits are the same.</param>
public sealed record LedgerReport(
    IReadOnlyList<Divergence> Findings,
    int Periods,
    int Leases,
    long Records,
    MicroUsd Debits
);
