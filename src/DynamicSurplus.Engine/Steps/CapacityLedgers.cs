using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Changes capacity books by compare-and-set: the only writer of what is sold.</summary>
public sealed class CapacityLedgers(ICapacityBooks books, TimeProvider time)
{
    /// <summary>Tries at one fleet's book before the request is told to come again.</summary>
    private const int Tries = 12;

    /// <summary>Reserves GPUs if the slice admits them now.</summary>
    /// <returns>Null where they are reserved (or had been, by an earlier try of the same request), else why not.</returns>
    /// <exception cref="ContendedException">The book changed at every try.</exception>
    public Task<AdmissionRefusal?> HoldAsync(Reservation reservation, RateEntry entry, CancellationToken cancellationToken) =>
        ChangeAsync(
            reservation.Fleet,
            reservation.Lease,
            (book, existing) =>
            {
                if (existing is not null)
                {
                    return existing.State == ReservationState.Released
                        ? (null, AdmissionRefusal.Spent)
                        : (null, null);
                }
                var refusal = Admission.Check(reservation.Tier, reservation.Gpus, reservation.LongTerm, entry, book);
                return refusal is null ? (reservation, null) : (null, refusal);
            },
            cancellationToken
        );

    /// <summary>Moves a reservation forward; where it is there already, or gone, nothing happens.</summary>
    public Task MoveAsync(
        FleetId fleet,
        LeaseId lease,
        ReservationState to,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            fleet,
            lease,
            (_, existing) =>
                existing is not null && existing.State < to
                    ? (existing with { State = to, ActiveAt = to == ReservationState.Active ? at : existing.ActiveAt }, null)
                    : (null, null),
            cancellationToken
        );

    /// <summary>Frees a reservation's GPUs; only for a lease that has lapsed, ended or never begun.</summary>
    public Task ReleaseAsync(FleetId fleet, LeaseId lease, DateTimeOffset at, CancellationToken cancellationToken) =>
        MoveAsync(fleet, lease, ReservationState.Released, at, cancellationToken);

    private async Task<AdmissionRefusal?> ChangeAsync(
        FleetId fleet,
        LeaseId lease,
        Func<CapacityBook, Reservation?, (Reservation? Next, AdmissionRefusal? Refusal)> decide,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var reading = books.ReadAsync(fleet, cancellationToken);
            var existing = await books.FindAsync(fleet, lease, cancellationToken);
            var (book, version) = await reading;
            var (next, refusal) = decide(book, existing);
            if (next is null)
            {
                return refusal;
            }
            var moved = CapacityLedger.Move(book, existing, next);
            if (await books.TryCommitAsync(moved, next, version, cancellationToken))
            {
                return null;
            }
            await Task.Delay(Backoff(attempt), cancellationToken);
        }
        throw new ContendedException($"The capacity book of {fleet} changed at each of {Tries} tries; try again.");
    }
}
