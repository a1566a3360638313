using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Holds what fleets have sold against what leases have: every book is the sum of its reservations, every reservation
/// counts what its lease's journal says, every live lease has one, and none is nobody's. Pure.
/// </summary>
internal static class AuditReservations
{
    /// <param name="leases">Those whose journals hold.</param>
    /// <param name="isUnknown">Whether nothing can be held against a lease's journal, for it does not hold.</param>
    /// <param name="due">Null where it cannot be read.</param>
    public static void Run(
        IReadOnlyList<(CapacityBook Book, IReadOnlyList<Reservation> Reservations)> sold,
        IReadOnlyDictionary<LeaseId, AuditedLease> leases,
        Func<LeaseId, bool> isUnknown,
        ILookup<LeaseId, Wakeup>? due,
        ICollection<Divergence> found
    )
    {
        var reserved = new HashSet<(FleetId, LeaseId)>();
        foreach (var (book, reservations) in sold)
        {
            if (BookDiffers(book, reservations) is { } what)
            {
                found.Add(Divergence.Of(book.Fleet, what));
            }
            foreach (var reservation in reservations)
            {
                reserved.Add((reservation.Fleet, reservation.Lease));
                if (!isUnknown(reservation.Lease))
                {
                    Check(reservation, leases.GetValueOrDefault(reservation.Lease), due, found);
                }
            }
        }
        foreach (var lease in leases.Values.Select(audited => audited.Lease))
        {
            if (StateOf(lease) < ReservationState.Released && !reserved.Contains((lease.Fleet!.Value, lease.Id)))
            {
                found.Add(
                    Divergence.Of(lease.Id, lease.Version, $"it is {lease.Status}, and {lease.Fleet} reserves nothing")
                );
            }
        }
    }

    private static string? BookDiffers(CapacityBook book, IReadOnlyList<Reservation> reservations)
    {
        try
        {
            return Difference.Of(book, CapacityLedger.Recount(book, reservations)) is { } difference
                ? $"its book is not the sum of its reservations: {difference}"
                : null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            return $"its reservations cannot be added up: {exception.Message}";
        }
    }

    private static void Check(
        Reservation reservation,
        AuditedLease? audited,
        ILookup<LeaseId, Wakeup>? due,
        ICollection<Divergence> found
    )
    {
        var isMended = due?[reservation.Lease].Any(wakeup => wakeup.Fleet == reservation.Fleet) != false;
        string? what;
        if (audited is null)
        {
            what = isMended ? null : $"{reservation.Fleet} reserves GPUs for it, it never began, and nobody wakes it";
        }
        else if (audited.Lease.Fleet != reservation.Fleet)
        {
            // A try of its request that was cut off, before another took it to another fleet.
            what =
                isMended || reservation.State == ReservationState.Released
                    ? null
                    : $"{reservation.Fleet} reserves GPUs for it, it is on {audited.Lease.Fleet}";
        }
        else if (isMended && audited.Lease.IsOver && audited.Lease.EndedAt < reservation.HeldAtTick.Start)
        {
            what = null; // A late retry of its request that was cut off: the wake-up gives the GPUs back.
        }
        else
        {
            // Since the last move that is known to be done, others may have been.
            var least = (int)(audited.LastDone<LeaseEffect.MoveReservation>() ?? 1);
            what = audited.States.Skip(least).Any(lease => Differs(reservation, lease) is null)
                ? null
                : $"its reservation on {reservation.Fleet} is wrong: {Differs(reservation, audited.Lease)}";
        }
        if (what is not null)
        {
            found.Add(Divergence.Of(reservation.Lease, audited?.Lease.Version, what));
        }
    }

    private static string? Differs(Reservation reservation, Lease lease)
    {
        var state = StateOf(lease) ?? reservation.State;
        var derived = reservation with
        {
            State = state,
            InNoticeGpus = state == ReservationState.InNotice ? lease.ReclaimedGpus : 0,
        };
        if (lease.Terms is { } terms)
        {
            derived = derived with
            {
                Tenant = terms.Tenant,
                Tier = terms.Tier,
                Gpus = state == ReservationState.Released ? reservation.Gpus : lease.Gpus,
                LongTerm = terms.LongTerm,
                MinGpus = terms.MinGpus ?? 0,
            };
        }
        return Difference.Of(reservation, derived);
    }

    private static ReservationState? StateOf(Lease lease) =>
        lease.Status switch
        {
            LeaseStatus.Held or LeaseStatus.Granting => ReservationState.Held,
            LeaseStatus.Reclaiming when !lease.IsDrill => ReservationState.InNotice,
            LeaseStatus.Active or LeaseStatus.Reclaiming => ReservationState.Active,
            LeaseStatus.Lapsed or LeaseStatus.Ended or LeaseStatus.Settled => ReservationState.Released,
            _ => null,
        };
}
