using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryWakeups : IWakeups
{
    private readonly Lock _gate = new();
    private readonly SortedSet<(DateTimeOffset At, LeaseId Lease, FleetId Fleet)> _order = [];

    public Task ScheduleAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _order.Add(PlaceOf(wakeup));
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Wakeup>> DueAsync(DateTimeOffset until, int most, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Wakeup>>([
                .. _order
                    .TakeWhile(place => place.At <= until)
                    .Take(most)
                    .Select(static place => new Wakeup(place.Lease, place.Fleet, place.At)),
            ]);
        }
    }

    public Task<bool> IsScheduledAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_order.Contains(PlaceOf(wakeup)));
        }
    }

    public Task RemoveAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _order.Remove(PlaceOf(wakeup));
        }
        return Task.CompletedTask;
    }

    private static (DateTimeOffset At, LeaseId Lease, FleetId Fleet) PlaceOf(Wakeup wakeup) =>
        (wakeup.RoundedUp().At, wakeup.Lease, wakeup.Fleet);
}
