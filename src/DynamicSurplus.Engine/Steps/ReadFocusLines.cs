using DynamicSurplus.Engine.Focus;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A billing period's charges with what their fleets are, to be exported.</summary>
public sealed class ReadFocusLines(ReadCharges charges, FleetCatalog catalog)
{
    /// <inheritdoc cref="ReadCharges.RunAsync"/>
    public async Task<(IReadOnlyList<FocusLine> Lines, string? Next)> RunAsync(
        BillingPeriod period,
        TenantId? tenant,
        string? after,
        int most,
        CancellationToken cancellationToken
    )
    {
        var page = await charges.RunAsync(period, tenant, after, most, cancellationToken);
        var fleets = await catalog.GetAsync(cancellationToken);
        return ([.. page.Charges.Select(charge => Of(charge, fleets, period))], page.Next);
    }

    /// <summary>
    /// As the lease's terms say. Those from before they did: as the fleet is now; one that was deleted is its own kind
    /// of GPU, by its id.
    /// </summary>
    private static FocusLine Of(Charge charge, FleetSnapshot fleets, BillingPeriod period)
    {
        var fleet = charge.Terms.Sku is null ? fleets.Find(charge.Terms.Fleet)?.Value : null;
        return new(
            charge,
            period,
            charge.Terms.Sku ?? fleet?.Sku ?? charge.Terms.Fleet.ToString(),
            charge.Terms.Region ?? fleet?.Region
        );
    }
}
