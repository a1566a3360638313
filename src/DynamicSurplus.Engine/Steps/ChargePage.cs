using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What a number of leases come to within a billing period.</summary>
/// <param name="AsOf">Running leases are charged up to here.</param>
/// <param name="Charges">By tenant and lease, and within it by time.</param>
/// <param name="Next">Cursor of the next page; null: this was the last.</param>
public sealed record ChargePage(BillingPeriod Period, DateTimeOffset AsOf, IReadOnlyList<Charge> Charges, string? Next)
{
    /// <summary>The period still runs, so that charges may be added and the last ones grow.</summary>
    public bool IsProvisional => AsOf < Period.End;
}
