using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// Keeps a fleet's book the sum over its live reservations: every move takes out what the reservation counted and puts
/// in what it counts now.
/// </summary>
public static class CapacityLedger
{
    /// <summary>Puts in a new reservation. Whether it fits is the admission's question, asked before.</summary>
    /// <param name="before">The lease's reservation as stored, a tombstone too; null: it has none.</param>
    /// <returns>Null where the lease has a reservation: a redelivery, that must not reserve a second time.</returns>
    /// <exception cref="ArgumentException">Not in state Held, or another fleet's.</exception>
    public static CapacityMove? Hold(CapacityBook book, Reservation? before, Reservation held)
    {
        if (held.State != ReservationState.Held)
        {
            throw new ArgumentException($"A reservation begins held, not {held.State}.", nameof(held));
        }
        RequireSameFleet(book, held);
        return before is null ? new(Count(book, held, 1), held) : null;
    }

    /// <summary>
    /// Moves a reservation forward: Held → Active → InNotice → Released, Held → Released or Active → Released.
    /// </summary>
    /// <param name="at">When the event behind the move took effect.</param>
    /// <returns>Null where the reservation is there, or past it: a redelivery.</returns>
    /// <exception cref="InvalidOperationException">
    /// Held → InNotice: the move to Active is still to be done; or the book counts less than the reservation.
    /// </exception>
    public static CapacityMove? Move(
        CapacityBook book,
        Reservation before,
        ReservationState to,
        DateTimeOffset at,
        TickLength tickLength
    )
    {
        RequireSameFleet(book, before);
        if (to <= before.State)
        {
            return null;
        }
        if (to == ReservationState.InNotice && before.State == ReservationState.Held)
        {
            throw new InvalidOperationException($"Reservation {before.Lease} is not active yet: no notice can run.");
        }
        var after = before with { State = to, ActiveAt = to == ReservationState.Active ? at : before.ActiveAt };
        var moved = Count(Count(book, before, -1), after, 1);
        return new(after.Tier == LeaseTier.Spot ? Learn(moved, after, at, tickLength) : moved, after);
    }

    /// <summary>The book as its reservations alone would have it; what was learnt of interruptions stays.</summary>
    /// <param name="reservations">All of the fleet's; tombstones count nothing.</param>
    public static CapacityBook Recount(CapacityBook book, IEnumerable<Reservation> reservations)
    {
        var empty = new CapacityBook(book.Fleet)
        {
            PredictedInterruptions = book.PredictedInterruptions,
            ObservedInterruptions = book.ObservedInterruptions,
        };
        return reservations.Aggregate(empty, (sum, reservation) => Count(sum, reservation, 1));
    }

    /// <summary>Sets what was shown to spot customers against what came true.</summary>
    private static CapacityBook Learn(CapacityBook book, Reservation after, DateTimeOffset at, TickLength tickLength) =>
        after.State switch
        {
            ReservationState.Active => book with
            {
                PredictedInterruptions = book.PredictedInterruptions + after.InterruptionProbability,
            },
            ReservationState.InNotice when at - after.ActiveAt <= TermLimits.Horizon(tickLength) => book with
            {
                ObservedInterruptions = book.ObservedInterruptions + 1,
            },
            _ => book,
        };

    /// <summary>The book with a reservation put in (sign 1) or taken out (−1).</summary>
    private static CapacityBook Count(CapacityBook book, Reservation reservation, int sign)
    {
        var gpus = sign * reservation.Gpus;
        var longGpus = reservation.LongTerm ? gpus : 0;
        var counted = (reservation.State, reservation.Tier) switch
        {
            (ReservationState.Held, LeaseTier.Spot) => book with { HeldSpot = book.HeldSpot + gpus },
            (ReservationState.Held, LeaseTier.Firm) => book with
            {
                HeldFirm = book.HeldFirm + gpus,
                LongFirm = book.LongFirm + longGpus,
            },
            (ReservationState.Active, LeaseTier.Spot) => book with { ActiveSpot = book.ActiveSpot + gpus },
            (ReservationState.Active, LeaseTier.Firm) => book with
            {
                ActiveFirm = book.ActiveFirm + gpus,
                LongFirm = book.LongFirm + longGpus,
            },
            (ReservationState.InNotice, _) => book with { InNotice = book.InNotice + gpus },
            _ => book,
        };
        return
            counted
                is {
                    HeldSpot: >= 0,
                    HeldFirm: >= 0,
                    ActiveSpot: >= 0,
                    ActiveFirm: >= 0,
                    InNotice: >= 0,
                    LongFirm: >= 0
                }
            ? counted
            : throw new InvalidOperationException(
                $"The book of fleet {book.Fleet} counts less than reservation {reservation.Lease}: recount it."
            );
    }

    private static void RequireSameFleet(CapacityBook book, Reservation reservation)
    {
        if (reservation.Fleet != book.Fleet)
        {
            throw new ArgumentException(
                $"Reservation {reservation.Lease} is of fleet {reservation.Fleet}, not {book.Fleet}.",
                nameof(reservation)
            );
        }
    }
}
