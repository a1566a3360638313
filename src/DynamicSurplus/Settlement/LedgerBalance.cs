using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>One account after a number of postings.</summary>
public sealed record LedgerBalance(LedgerAccount Account, MicroUsd Debits, MicroUsd Credits)
{
    /// <summary>Debits less credits: above 0, somebody owes it.</summary>
    public MicroUsd Balance => Debits - Credits;
}
