using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Posts a billing period's charges and displaced demand to the owner's ledger.</summary>
public sealed class ReadLedger(ReadCharges charges, ReadDisplaced displaced)
{
    /// <inheritdoc cref="ReadCharges.RunAsync"/>
    public async Task<LedgerPage> RunAsync(
        BillingPeriod period,
        string? after,
        int most,
        CancellationToken cancellationToken
    )
    {
        var page = await charges.RunAsync(period, null, after, most, cancellationToken);
        var ledger = new Ledger();
        foreach (var charge in page.Charges)
        {
            ledger.Post(charge);
        }
        if (page.Next is null)
        {
            foreach (var entry in await displaced.RunAsync(period, cancellationToken))
            {
                ledger.Post(entry);
            }
        }
        return new(period, page.AsOf, ledger, page.Next);
    }
}
