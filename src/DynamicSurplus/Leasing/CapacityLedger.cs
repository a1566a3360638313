using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// Keeps a fleet's book the sum over its live reservations: every move takes out what the reservation counted and puts
/// in what it counts now.
/// </summary>
public static class CapacityLedger
{
    /// <summary>How long GPUs that a reclaim freed are kept from sale.</summary>
    public const int KeptTicks = 2;

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
    /// Moves a reservation as an event of its lease asks. Released is for ever; what a reclaim frees is kept for the
    /// internal demand that it was for.
    /// </summary>
    /// <param name="version">Of the event behind the move.</param>
    /// <returns>Null where a later event has moved it, or this one: a redelivery.</returns>
    /// <exception cref="ArgumentException">The move is to Held, or of another fleet.</exception>
    /// <exception cref="InvalidOperationException">
    /// Held → InNotice: the move to Active is still to be done; or the book counts less than the reservation.
    /// </exception>
    public static CapacityMove? Move(
        CapacityBook book,
        Reservation before,
        LeaseEffect.MoveReservation move,
        long version,
        TickLength tickLength
    )
    {
        RequireSameFleet(book, before);
        var isReleased = move.To == ReservationState.Released;
        if (before.State == ReservationState.Released || (version <= before.Version && !isReleased))
        {
            return null;
        }
        if (move.To == ReservationState.Held)
        {
            throw new ArgumentException($"Reservation {before.Lease} was held before.", nameof(move));
        }
        if (move.To == ReservationState.InNotice && before.State == ReservationState.Held)
        {
            throw new InvalidOperationException($"Reservation {before.Lease} is not active yet: no notice can run.");
        }
        var gpus = move.Gpus ?? before.Gpus;
        var after = before with
        {
            State = move.To,
            Gpus = gpus,
            InNoticeGpus = move.To == ReservationState.InNotice ? move.InNoticeGpus ?? gpus : 0,
            Rate = move.Rate ?? before.Rate,
            ActiveAt = before.ActiveAt ?? (move.To == ReservationState.Active ? move.At : null),
            CoolDownUntil = move.CoolDownUntil ?? before.CoolDownUntil,
            Version = Math.Max(version, before.Version),
            WasNoticed = before.WasNoticed || move.To == ReservationState.InNotice,
        };
        var moved = Count(Count(book, before, -1), after, 1);
        moved = after.Tier == LeaseTier.Spot ? Learn(moved, before, after, move.At, tickLength) : moved;
        var freed = isReleased ? before.InNoticeGpus : before.Gpus - gpus;
        return new(freed > 0 ? Keep(moved, freed, move.At, tickLength) : moved, after);
    }

    /// <summary>
    /// The book as its reservations alone would have it; what is kept, and was learnt of interruptions, stays.
    /// </summary>
    /// <param name="reservations">All of the fleet's; tombstones count nothing.</param>
    public static CapacityBook Recount(CapacityBook book, IEnumerable<Reservation> reservations)
    {
        var empty = new CapacityBook(book.Fleet)
        {
            PredictedInterruptions = book.PredictedInterruptions,
            ObservedInterruptions = book.ObservedInterruptions,
            Kept = book.Kept,
            KeptUntil = book.KeptUntil,
        };
        return reservations.Aggregate(empty, (sum, reservation) => Count(sum, reservation, 1));
    }

    /// <summary>Sets what was shown to spot customers against what came true, each once.</summary>
    private static CapacityBook Learn(
        CapacityBook book,
        Reservation before,
        Reservation after,
        DateTimeOffset at,
        TickLength tickLength
    ) =>
        (before.State, after.State) switch
        {
            (ReservationState.Held, ReservationState.Active) => book with
            {
                PredictedInterruptions = book.PredictedInterruptions + after.InterruptionProbability,
            },
            (_, ReservationState.InNotice)
                when !before.WasNoticed && at - after.ActiveAt <= TermLimits.Horizon(tickLength) => book with
            {
                ObservedInterruptions = book.ObservedInterruptions + 1,
            },
            _ => book,
        };

    /// <summary>
    /// Until then telemetry has seen the owner's work on them, or that there is none: one tick to see it, one to price.
    /// </summary>
    private static CapacityBook Keep(CapacityBook book, int freed, DateTimeOffset at, TickLength tickLength)
    {
        var until = at + (KeptTicks * tickLength.Span);
        var kept = book.At(at);
        return kept with
        {
            Kept = kept.Kept + freed,
            KeptUntil = until > kept.KeptUntil ? until : kept.KeptUntil ?? until,
        };
    }

    /// <summary>The book with a reservation put in (sign 1) or taken out (−1).</summary>
    private static CapacityBook Count(CapacityBook book, Reservation reservation, int sign)
    {
        if (reservation.State == ReservationState.Released)
        {
            return book;
        }
        var gpus = sign * (reservation.Gpus - reservation.InNoticeGpus);
        var counted = (reservation.State == ReservationState.Held, reservation.Tier) switch
        {
            (true, LeaseTier.Spot) => book with { HeldSpot = book.HeldSpot + gpus },
            (true, _) => book with { HeldFirm = book.HeldFirm + gpus },
            (false, LeaseTier.Spot) => book with { ActiveSpot = book.ActiveSpot + gpus },
            (false, _) => book with { ActiveFirm = book.ActiveFirm + gpus },
        } with
        {
            InNotice = book.InNotice + (sign * reservation.InNoticeGpus),
            LongFirm = book.LongFirm + (reservation.LongTerm ? gpus : 0),
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
