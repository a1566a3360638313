using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What a due wake-up does: whatever time has brought, whatever a crash has left, and the next wake-up before this one goes.</summary>
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
    /// <summary>Between tries at effects that could not be done: machines still busy, a controller out of reach.</summary>
    private TimeSpan RetryAfter => options.TickLength.Span / 4;

    public async Task RunAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        var state = await streams.ReadAsync(wakeup.Lease, cancellationToken);
        if (state.Lease.Status == LeaseStatus.None)
        {
            if (await books.FindAsync(wakeup.Fleet, wakeup.Lease, cancellationToken) is not null)
            {
                // A crash between the reservation and its event. Winning version 1 makes sure that the hold cannot follow.
                var voided = new LeaseCommand.Void(CommandOf(wakeup), clock.UtcNow, clock.Tick);
                state = (await handle.RunAsync(state, voided, cancellationToken)).State;
            }
        }
        else
        {
            var wake = new LeaseCommand.Wake(CommandOf(wakeup), clock.UtcNow, clock.Tick);
            state = (await handle.RunAsync(state, wake, cancellationToken)).State;
        }
        if (state.Lease.Status == LeaseStatus.Lapsed && state.Lease.Terms is null || state.Lease.Terms.Fleet != wakeup.Fleet)
        {
            await ledgers.MoveAsync(wakeup.Fleet, wakeup.Lease, ReservationState.Released, clock.UtcNow, cancellationToken);
        }
        if (NextLook(state) is { } next)
        {
            await wakeups.ScheduleAsync(wakeup with { At = next }, cancellationToken);
        }
        await wakeups.RemoveAsync(wakeup, cancellationToken);
    }
}
