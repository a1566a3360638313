using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// The due table with a timer wheel before it, so that nothing waits for the next sweep. The table stays the truth:
/// what
/// is far off, or too much, is left to it, and a sweep takes it up before it is due.
/// </summary>
/// <param name="time">Of the engine, at whatever speed.</param>
public sealed class WakeupTimers(IWakeups table, TimeProvider time) : IWakeups
{
    /// <summary>Wake-ups held in memory; the rest is left to the table.</summary>
    public const int MostHeld = 65_536;

    private const int SweepBatch = 256;

    /// <summary>Of a wake-up that is out of the wheel: it is being handled, or waits until its lease is free.</summary>
    private const int Taken = -1;

    private readonly Lock _gate = new();
    private readonly TimerWheel<Wakeup> _wheel = new(time.GetUtcNow().ToUnixTimeMilliseconds());
    private readonly Dictionary<Wakeup, Held> _held = [];

    /// <summary>
    /// The leases that are being woken, each with what came due meanwhile: wake-ups of one lease would only contend.
    /// </summary>
    private readonly Dictionary<LeaseId, List<Wakeup>?> _busy = [];

    /// <summary>
    /// Handled while a sweep reads the table: the sweep may have read them before they were removed from it.
    /// </summary>
    private readonly HashSet<Wakeup> _handled = [];
    private int _sweeps;

    /// <summary>Tells the one who waits that there may be something to take; two calls are as good as one.</summary>
    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private long _waitsUntil = long.MaxValue;

    /// <summary>Wake-ups in memory: waiting, or being handled.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    public async Task ScheduleAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        await table.ScheduleAsync(wakeup, cancellationToken);
        Hold(wakeup.RoundedUp(), isSwept: false);
    }

    public Task<IReadOnlyList<Wakeup>> DueAsync(DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        table.DueAsync(until, most, cancellationToken);

    public Task<bool> IsScheduledAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
        table.IsScheduledAsync(wakeup, cancellationToken);

    public async Task RemoveAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        await table.RemoveAsync(wakeup, cancellationToken);
        lock (_gate)
        {
            if (_held.TryGetValue(wakeup.RoundedUp(), out var held) && held.Place != Taken)
            {
                _wheel.Remove(held.Place);
                _held.Remove(wakeup.RoundedUp());
            }
        }
    }

    /// <summary>
    /// Takes up what the table has and memory has not: what a crash, another process or a full memory left behind.
    /// </summary>
    /// <param name="ahead">How much of what is yet to come.</param>
    public async Task SweepAsync(TimeSpan ahead, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sweeps);
        try
        {
            // What is held already comes first in the table as well: the batch is counted from behind it.
            int most;
            IReadOnlyList<Wakeup> found;
            bool isNews;
            do
            {
                most = SweepBatch + Count;
                found = await table.DueAsync(time.GetUtcNow() + ahead, most, cancellationToken);
                isNews = false;
                foreach (var wakeup in found)
                {
                    isNews |= Hold(wakeup, isSwept: true);
                }
            } while (isNews && found.Count == most);
        }
        finally
        {
            lock (_gate)
            {
                if (Interlocked.Decrement(ref _sweeps) == 0)
                {
                    _handled.Clear();
                }
            }
            Call();
        }
    }

    /// <summary>
    /// Every wake-up when it is due, in the order of their instants, as fast as they are asked for; and none of a lease
    /// until <see cref="Done"/> or <see cref="Failed"/> has been said of the one before.
    /// </summary>
    /// <remarks>For one reader.</remarks>
    public async IAsyncEnumerable<Wakeup> TakeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var timer = time.CreateTimer(_ => Call(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (true)
        {
            if (TryTake(time.GetUtcNow(), out var wakeup, out var next))
            {
                yield return wakeup;
                continue;
            }
            if (next is { } at)
            {
                var wait = at - time.GetUtcNow();
                timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                if (time.GetUtcNow() >= at)
                {
                    continue;
                }
            }
            await _calls.Reader.ReadAsync(cancellationToken);
        }
    }

    /// <summary>It was handled, and is no more in the table.</summary>
    public void Done(Wakeup wakeup)
    {
        lock (_gate)
        {
            _held.Remove(wakeup);
            if (Volatile.Read(ref _sweeps) > 0)
            {
                _handled.Add(wakeup);
            }
            Free(wakeup.Lease);
        }
    }

    /// <summary>It was not handled: it comes again.</summary>
    /// <param name="again">When, given how often it has failed.</param>
    public void Failed(Wakeup wakeup, Func<int, DateTimeOffset> again)
    {
        lock (_gate)
        {
            ref var held = ref CollectionsMarshal.GetValueRefOrNullRef(_held, wakeup);
            held = new(Add(again(held.Failures + 1), wakeup), held.Failures + 1);
            Free(wakeup.Lease);
        }
    }

    private bool TryTake(DateTimeOffset now, out Wakeup wakeup, out DateTimeOffset? next)
    {
        lock (_gate)
        {
            while (_wheel.TryTake(now.ToUnixTimeMilliseconds(), out wakeup))
            {
                CollectionsMarshal.GetValueRefOrNullRef(_held, wakeup).Place = Taken;
                ref var waiting = ref CollectionsMarshal.GetValueRefOrAddDefault(_busy, wakeup.Lease, out var isBusy);
                if (!isBusy)
                {
                    next = null;
                    return true;
                }
                (waiting ??= []).Add(wakeup);
            }
            _waitsUntil = _wheel.Next ?? long.MaxValue;
            next = _wheel.Next is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
            return false;
        }
    }

    /// <returns>False where it is held already, or left to the table.</returns>
    private bool Hold(Wakeup wakeup, bool isSwept)
    {
        lock (_gate)
        {
            _wheel.TurnTo(time.GetUtcNow().ToUnixTimeMilliseconds());
            var horizon = _wheel.Now + TimerWheel<Wakeup>.HorizonMilliseconds;
            if (
                _held.ContainsKey(wakeup)
                || _held.Count >= MostHeld
                || wakeup.At.ToUnixTimeMilliseconds() >= horizon
                || (isSwept && _handled.Contains(wakeup))
            )
            {
                return false;
            }
            _held.Add(wakeup, new(Add(wakeup.At, wakeup), Failures: 0));
            return true;
        }
    }

    private int Add(DateTimeOffset at, Wakeup wakeup)
    {
        var milliseconds = at.ToUnixTimeMilliseconds();
        if (milliseconds < _waitsUntil)
        {
            _waitsUntil = milliseconds;
            Call();
        }
        return _wheel.Add(Math.Min(milliseconds, _wheel.Now + TimerWheel<Wakeup>.HorizonMilliseconds - 1), wakeup);
    }

    private void Free(LeaseId lease)
    {
        if (_busy.Remove(lease, out var waiting) && waiting is not null)
        {
            foreach (var wakeup in waiting)
            {
                CollectionsMarshal.GetValueRefOrNullRef(_held, wakeup).Place = Add(wakeup.At, wakeup);
            }
        }
    }

    private void Call() => _calls.Writer.TryWrite(true);

    /// <param name="Place">In the wheel, or <see cref="Taken"/>.</param>
    private record struct Held(int Place, int Failures);
}
