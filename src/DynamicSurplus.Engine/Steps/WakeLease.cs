using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// What a due wake-up does: what time has brought, what a crash has left; and the next wake-up is there before this one
/// goes.
/// </summary>
public sealed class WakeLease(
    LeaseStreams streams,
    HandleLeaseCommand handle,
    CapacityLedgers ledgers,
    ICapacityBooks books,
    IWakeups wakeups,
    EngineClock clock,
    EngineOptions options
)
{
    /// <summary>Between tries at what could not be done: machines still busy, a controller out of reach.</summary>
    private TimeSpan RetryAfter => options.TickLength.Span / 4;

    public async Task RunAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        var state = await streams.ReadAsync(wakeup.Lease, cancellationToken);
        if (state.Lease.Status != LeaseStatus.None)
        {
            var wake = new LeaseCommand.Wake(CommandOf(wakeup), clock.UtcNow, clock.Tick);
            state = (await handle.RunAsync(state, wake, cancellationToken)).State;
        }
        else if (await books.FindAsync(wakeup.Fleet, wakeup.Lease, cancellationToken) is not null)
        {
            // A crash between the reservation and its event. Winning version 1 makes sure that no hold can follow.
            var cancel = new LeaseCommand.Cancel(CommandOf(wakeup), clock.UtcNow, clock.Tick);
            state = (await handle.RunAsync(state, cancel, cancellationToken)).State;
        }
        if (state.Lease.Status != LeaseStatus.None && state.Lease.Terms?.Fleet != wakeup.Fleet)
        {
            // The stream is another fleet's, or nobody's: what is reserved here is nobody's either.
            await ledgers.ReleaseAsync(wakeup.Fleet, wakeup.Lease, clock.UtcNow, cancellationToken);
        }
        if (NextLook(state) is { } next)
        {
            await wakeups.ScheduleAsync(wakeup with { At = next }, cancellationToken);
        }
        await wakeups.RemoveAsync(wakeup, cancellationToken);
    }

    /// <summary>When to try again what is due and not done; null where everything else has its own wake-up.</summary>
    private DateTimeOffset? NextLook(LeaseState state)
    {
        var isLeft =
            state.Lease.NextWake <= clock.UtcNow
            || state.Pending.Any(p => p.Effect is not LeaseEffect.ForgetReservation { } forget || forget.NotBefore <= clock.UtcNow);
        return isLeft ? clock.UtcNow + RetryAfter : null;
    }

    private static CommandId CommandOf(Wakeup wakeup) => CommandId.From($"wake-{wakeup.At.ToUnixTimeMilliseconds()}");
}
