using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Holds a lease's reservation, wake-up and view against its journal. What effects are still to bring is no
/// contradiction; nor is anything about a lease that changes while it is looked at.
/// </summary>
public sealed class LeaseInspection(
    LeaseStreams streams,
    ICapacityBooks books,
    IWakeups wakeups,
    ILeaseViews views,
    EngineClock clock,
    EngineOptions options
)
{
    /// <param name="fleet">Whose reservation of the lease is looked at.</param>
    /// <param name="soon">
    /// Leases with a wake-up that is due, or will be before a hold of theirs could lapse.
    /// </param>
    public async Task<InspectedLease> LookAsync(
        LeaseId lease,
        FleetId fleet,
        IReadOnlySet<LeaseId> soon,
        CancellationToken cancellationToken
    )
    {
        var state = await streams.ReadAsync(lease, cancellationToken);
        var found = await books.FindAsync(fleet, lease, cancellationToken);
        var right = RightReservation(state, fleet, found);
        var wrong = Discrepancy.None;
        if (found != right && !state.Pending.Any(pending => pending.Effect is LeaseEffect.MoveReservation))
        {
            wrong |= Discrepancy.Reservation;
        }
        if (!await IsWatchedAsync(state, fleet, found, soon, cancellationToken))
        {
            wrong |= Discrepancy.Wakeup;
        }
        if (
            state.Lease.Terms is { } terms
            && terms.Fleet == fleet
            && !state.Pending.Any(pending => pending.Effect is LeaseEffect.RefreshView)
            && await views.FindAsync(terms.Tenant, lease, cancellationToken)
                != LeaseView.Of(state.Lease, state.LastHash)
        )
        {
            wrong |= Discrepancy.View;
        }
        if (wrong != Discrepancy.None)
        {
            var after = await streams.ReadAsync(lease, cancellationToken);
            wrong = IsSame(state, after) ? wrong : Discrepancy.None;
        }
        return new(fleet, state, found, right, wrong);
    }

    /// <summary>Whether the stream and what is pending of it are as they were.</summary>
    public static bool IsSame(LeaseState before, LeaseState after) =>
        before.Lease.Version == after.Lease.Version
        && before.Pending.Select(PlaceOf).SequenceEqual(after.Pending.Select(PlaceOf));

    /// <summary>
    /// The reservation that its events have asked for, by the rules that moved it; null: none, or the one found is
    /// right
    /// whatever it is.
    /// </summary>
    private Reservation? RightReservation(LeaseState state, FleetId fleet, Reservation? found)
    {
        if (state.Lease.Fleet is not { } home)
        {
            return found; // no stream yet: its hold is on the way, or a wake-up will free it
        }
        if (home != fleet || state.Lease.Terms is null)
        {
            return found is null ? null : found with { State = ReservationState.Released };
        }
        var right = Replay(state, found);
        return found is null && right.State == ReservationState.Released ? null : right;
    }

    private Reservation Replay(LeaseState state, Reservation? found)
    {
        var lease = Lease.None(state.Lease.Id);
        CapacityMove? place = null;
        foreach (var envelope in state.Events)
        {
            lease = LeaseDecider.Evolve(lease, envelope);
            if (place is null)
            {
                var admitted = found?.HeldAtTick ?? Tick.At(lease.HeldAt!.Value, options.TickLength);
                var held = Reservation.Of(lease.Id, lease.Terms!, admitted);
                place = CapacityLedger.Hold(new(held.Fleet), before: null, held)!;
            }
            foreach (var move in LeaseDecider.React(lease, envelope.Event).OfType<LeaseEffect.MoveReservation>())
            {
                var (book, before) = place;
                place = CapacityLedger.Move(book, before, move, envelope.Version, options.TickLength) ?? place;
            }
        }
        return place!.Reservation;
    }

    private async Task<bool> IsWatchedAsync(
        LeaseState state,
        FleetId fleet,
        Reservation? found,
        IReadOnlySet<LeaseId> soon,
        CancellationToken cancellationToken
    )
    {
        if (state.Lease.Fleet is not { } home)
        {
            // A hold's wake-up is there before its reservation, and frees it where no stream begins.
            return found is null or { State: ReservationState.Released } || soon.Contains(state.Lease.Id);
        }
        if (home != fleet || WakeLease.NextLook(state) is not { } look)
        {
            return true;
        }
        // One that is due may wait for a retry at another instant: any will do.
        return look <= clock.UtcNow
            ? soon.Contains(state.Lease.Id)
            : await wakeups.IsScheduledAsync(new(state.Lease.Id, home, look), cancellationToken);
    }

    private static (long, int) PlaceOf(Outstanding pending) => (pending.Stored.Version, pending.Stored.Index);
}
