using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// The due table with a memory of what this process scheduled, so that nothing waits for the next sweep. The table
/// stays the truth: the memory is only the fast path.
/// </summary>
public sealed class WakeupTimers(IWakeups table) : IWakeups
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Wakeup, DateTimeOffset> _queue = new();
    private readonly HashSet<Wakeup> _known = [];
    private TaskCompletionSource _changed = Fresh();

    public async Task ScheduleAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        await table.ScheduleAsync(wakeup, cancellationToken);
        Remember(wakeup);
    }

    public Task<IReadOnlyList<Wakeup>> DueAsync(DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        table.DueAsync(until, most, cancellationToken);

    public Task<bool> IsScheduledAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
        table.IsScheduledAsync(wakeup, cancellationToken);

    public Task RemoveAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
        table.RemoveAsync(wakeup, cancellationToken);

    /// <summary>Remembers a wake-up once, whoever saw it: the scheduler or a sweep of the table.</summary>
    public void Remember(Wakeup wakeup)
    {
        lock (_gate)
        {
            if (_known.Add(wakeup))
            {
                _queue.Enqueue(wakeup, wakeup.At);
            }
            // Known ones too: a sweep that finds one due tells whoever waits that its timer has missed it.
            _changed.TrySetResult();
        }
    }

    /// <summary>Takes what is due by now, at most <paramref name="most"/>, and says when the next one is.</summary>
    public IReadOnlyList<Wakeup> TakeDue(DateTimeOffset now, int most, out DateTimeOffset? next)
    {
        var due = new List<Wakeup>();
        lock (_gate)
        {
            while (due.Count < most && _queue.TryPeek(out var wakeup, out var at) && at <= now)
            {
                _queue.Dequeue();
                due.Add(wakeup);
            }
            next = _queue.TryPeek(out _, out var later) ? later : null;
            _changed = _changed.Task.IsCompleted ? Fresh() : _changed;
        }
        return due;
    }

    /// <summary>A wake-up that was taken is handled, or may be found by the next sweep.</summary>
    public void Forget(Wakeup wakeup)
    {
        lock (_gate)
        {
            _known.Remove(wakeup);
        }
    }

    /// <summary>Completes when something was remembered since the last take.</summary>
    public Task ChangedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _changed.Task.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
