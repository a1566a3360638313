using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>The owner's ledger of a number of leases within a billing period.</summary>
/// <param name="Ledger">Of these leases; displaced demand is on the last page.</param>
/// <param name="Next">Cursor of the next page; null: this was the last.</param>
public sealed record LedgerPage(BillingPeriod Period, DateTimeOffset AsOf, Ledger Ledger, string? Next)
{
    /// <summary>The period still runs.</summary>
    public bool IsProvisional => AsOf < Period.End;
}
