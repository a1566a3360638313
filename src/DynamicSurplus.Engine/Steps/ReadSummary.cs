using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What the whole installation has done since each fleet began: GPU-time by use, and money.</summary>
public sealed class ReadSummary(ReadFleetUse use, ILeaseViews views)
{
    private const int PageSize = 1000;

    public async Task<Summary> RunAsync(CancellationToken cancellationToken)
    {
        var fleets = await use.RunAsync(cancellationToken);
        var owed = new SortedDictionary<TenantId, MicroUsd>();
        var (leases, reclaimed) = (0, 0);
        for (string? cursor = null; ; )
        {
            var page = await views.ListAsync(null, cursor, PageSize, cancellationToken);
            foreach (var view in page.Leases.Where(view => view.GrantedAt is not null))
            {
                leases++;
                reclaimed += view.Reclaimed ? 1 : 0;
                owed[view.Tenant] = owed.GetValueOrDefault(view.Tenant) + (view.Amount ?? MicroUsd.Zero);
            }
            if (page.Next is null)
            {
                return new(fleets, leases, reclaimed, owed);
            }
            cursor = page.Next;
        }
    }
}
