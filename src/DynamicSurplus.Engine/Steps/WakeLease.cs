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
    RenewLease renew,
    CapacityLedgers ledgers,
    ICapacityBooks books,
    IWakeups wakeups,
    EngineClock clock,
    EngineOptions options
)
{
    /// <summary>Between tries at what could not be done: machines still busy, a controller out of reach.</summary>
    private TimeSpan RetryAfter => options.TickLength.Span / 4;

    /// <returns>
    /// When to look at the lease again, whatever else was scheduled for it; null: never, it is over. A wake-up that
    /// comes before its time changes nothing, and gives its time.
    /// </returns>
    public async Task<DateTimeOffset?> RunAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        if (wakeup.At > clock.UtcNow)
        {
            return wakeup.At;
        }
        var state = await streams.ReadAsync(wakeup.Lease, cancellationToken);
        if (state.Lease.Status != LeaseStatus.None)
        {
            var wake = new LeaseCommand.Wake(CommandOf(wakeup), clock.UtcNow, clock.Tick);
            state = (await handle.RunAsync(state, wake, cancellationToken)).State;
            if (state.Lease.RenewalDueAt <= clock.UtcNow)
            {
                state = await renew.ByItselfAsync(state, cancellationToken);
            }
        }
        else if (await books.FindAsync(wakeup.Fleet, wakeup.Lease, cancellationToken) is not null)
        {
            // A crash between the reservation and its event. Winning version 1 makes sure that no hold can follow.
            var abandon = new LeaseCommand.Abandon(CommandOf(wakeup), clock.UtcNow, clock.Tick, wakeup.Fleet);
            state = (await handle.RunAsync(state, abandon, cancellationToken)).State;
        }
        if (state.Lease.Fleet is { } fleet && (fleet != wakeup.Fleet || IsReleased(state)))
        {
            // The stream went to another fleet, or is over: what a crashed try has reserved here is nobody's.
            await ledgers.ReleaseAsync(wakeup.Fleet, wakeup.Lease, cancellationToken);
        }
        var next = NextLook(state);
        if (next <= clock.UtcNow)
        {
            next = clock.UtcNow + RetryAfter;
            await wakeups.ScheduleAsync(wakeup with { At = next.Value }, cancellationToken);
        }
        await wakeups.RemoveAsync(wakeup, cancellationToken);
        return next;
    }

    /// <summary>It is over, and its own release is done.</summary>
    private static bool IsReleased(LeaseState state) =>
        state.Lease.IsOver && !state.Pending.Any(pending => pending.Effect is LeaseEffect.MoveReservation);

    /// <summary>What is due and not done is to be looked at now; what is due later has a wake-up of its own.</summary>
    internal static DateTimeOffset? NextLook(LeaseState state) =>
        // Of those that there are: null only where there is none.
        state.Pending.Select(pending => (DateTimeOffset?)pending.NotBefore).Append(state.Lease.NextWake).Min();

    private static CommandId CommandOf(Wakeup wakeup) => CommandId.From($"wake-{wakeup.At.ToUnixTimeMilliseconds()}");
}
