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

    /// <summary>A fleet that was deleted is its own kind of GPU, by its id.</summary>
    private static FocusLine Of(Charge charge, FleetSnapshot fleets, BillingPeriod period)
    {
        var fleet = fleets.Find(charge.Terms.Fleet)?.Value;
        return new(charge, period, fleet?.Sku ?? charge.Terms.Fleet.ToString(), fleet?.Region);
    }
}
