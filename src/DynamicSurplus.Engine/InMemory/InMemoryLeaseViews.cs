using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryLeaseViews : ILeaseViews
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LeaseCursor, LeaseView> _views = [];
    private readonly SortedSet<LeaseCursor> _order = [];

    public Task PutAsync(LeaseView view, CancellationToken cancellationToken)
    {
        var place = new LeaseCursor(view.Tenant, view.Lease);
        lock (_gate)
        {
            if (!_views.TryGetValue(place, out var stored) || stored.Version <= view.Version)
            {
                _views[place] = view;
                _order.Add(place);
            }
        }
        return Task.CompletedTask;
    }

    public Task<LeaseView?> FindAsync(TenantId tenant, LeaseId lease, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_views.GetValueOrDefault(new(tenant, lease)));
        }
    }

    public Task<LeasePage> ListAsync(TenantId? tenant, string? after, int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, 1_000);
        var start = after is null ? default : LeaseCursor.Parse(after);
        if (tenant is { } one && start.Tenant < one)
        {
            start = new(one, default); // before all leases of that tenant
        }
        lock (_gate)
        {
            var page = From(start)
                .SkipWhile(place => place == start)
                .TakeWhile(place => tenant is null || place.Tenant == tenant)
                .Take(most + 1)
                .ToList();
            string? next = null;
            if (page.Count > most)
            {
                page.RemoveAt(most);
                next = page[^1].ToString();
            }
            return Task.FromResult(new LeasePage([.. page.Select(place => _views[place])], next));
        }
    }

    private SortedSet<LeaseCursor> From(LeaseCursor start) =>
        _order.Count == 0 || _order.Max < start ? [] : _order.GetViewBetween(start, _order.Max);
}
