using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Tests.Serving;

/// <summary>
/// Timers that forget, repeat and fail, over a table that does not: a third of the wake-ups never reach memory, some
/// come twice, a sweep also finds what is gone, and now and then an answer is lost after the write.
/// </summary>
internal sealed class ChaosWakeups(IWakeups table, TimeProvider time, Random dice) : IWakeups
{
    private readonly Lock _gate = new();
    private readonly Queue<Wakeup> _gone = new();

    /// <summary>Of the process that runs; another after a restart, with nothing in memory.</summary>
    public WakeupTimers Timers { get; private set; } = null!;

    public int Lost { get; private set; }

    public void Restart() => Timers = new(new Repeating(this), time);

    public async Task ScheduleAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        var roll = Roll(100);
        if (roll < 33)
        {
            Lost++;
            await table.ScheduleAsync(wakeup, cancellationToken);
        }
        else
        {
            await Timers.ScheduleAsync(wakeup, cancellationToken);
        }
        if (roll is >= 33 and < 50)
        {
            await Timers.ScheduleAsync(wakeup, cancellationToken);
        }
        FailNowAndThen();
    }

    public Task<IReadOnlyList<Wakeup>> DueAsync(DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        table.DueAsync(until, most, cancellationToken);

    public Task<bool> IsScheduledAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
        table.IsScheduledAsync(wakeup, cancellationToken);

    public async Task RemoveAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        await Timers.RemoveAsync(wakeup, cancellationToken);
        lock (_gate)
        {
            _gone.Enqueue(wakeup);
            if (_gone.Count > 10)
            {
                _gone.Dequeue();
            }
        }
        FailNowAndThen();
    }

    private void FailNowAndThen()
    {
        if (Roll(200) == 0)
        {
            throw new IOException("The answer was lost.");
        }
    }

    private int Roll(int sides)
    {
        lock (_gate)
        {
            return dice.Next(sides);
        }
    }

    /// <summary>The table as the timers see it.</summary>
    private sealed class Repeating(ChaosWakeups chaos) : IWakeups
    {
        public Task ScheduleAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
            chaos.DirectAsync(table => table.ScheduleAsync(wakeup, cancellationToken));

        public async Task<IReadOnlyList<Wakeup>> DueAsync(
            DateTimeOffset until,
            int most,
            CancellationToken cancellationToken
        )
        {
            var due = await chaos.DueAsync(until, most, cancellationToken);
            lock (chaos._gate)
            {
                return [.. chaos._gone, .. due, .. due.Take(3)];
            }
        }

        public Task<bool> IsScheduledAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
            chaos.IsScheduledAsync(wakeup, cancellationToken);

        public Task RemoveAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
            chaos.DirectAsync(table => table.RemoveAsync(wakeup, cancellationToken));
    }

    private Task DirectAsync(Func<IWakeups, Task> call) => call(table);
}
