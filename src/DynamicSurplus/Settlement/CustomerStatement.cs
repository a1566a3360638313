using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>What a customer owes for a month, and why.</summary>
/// <param name="IsProvisional">The month still runs: lines may be added, and the last ones grow.</param>
/// <param name="AsOf">Up to when the lines count.</param>
/// <param name="Charges">By lease, and within it by time.</param>
public sealed record CustomerStatement(
    TenantId Tenant,
    BillingPeriod Period,
    bool IsProvisional,
    DateTimeOffset AsOf,
    IReadOnlyList<Charge> Charges
)
{
    /// <summary>The statement's name, which an export gives as the invoice's.</summary>
    public string Id => IdOf(Tenant, Period);

    public MicroUsd Usage => Sum(StatementLineKind.Usage);

    /// <summary>0 or below.</summary>
    public MicroUsd Credits => Sum(StatementLineKind.Credit);

    public MicroUsd Corrections => Sum(StatementLineKind.Correction);

    /// <summary>Below 0 where a month's credits are for usage that another month billed.</summary>
    public MicroUsd Total => Usage + Credits + Corrections;

    /// <summary>Such as <c>acme/2026-11</c>.</summary>
    public static string IdOf(TenantId tenant, BillingPeriod period) => $"{tenant}/{period}";

    private MicroUsd Sum(StatementLineKind kind) =>
        Charges.Where(charge => charge.Kind == kind).Aggregate(MicroUsd.Zero, (sum, charge) => sum + charge.Amount);
}
