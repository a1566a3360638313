using System.Collections.Concurrent;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Changes capacity books by compare-and-set: the only writer of what is sold.</summary>
public sealed class CapacityLedgers(ICapacityBooks books, EngineClock clock, EngineOptions options)
{
    /// <summary>Tries at one fleet's book before the caller is told to come again.</summary>
    private const int Tries = 12;

    /// <summary>
    /// Longest wait for a turn, on the wall: a storage call that hangs takes longer, and nobody need wait for it.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<FleetId, SemaphoreSlim> _turns = new();

    /// <summary>
    /// Reserves GPUs if the slice admits them now; a reservation that is there already, live, is as good.
    /// </summary>
    /// <exception cref="ContendedException">The book changed at every try.</exception>
    public Task<ReserveOutcome> ReserveAsync(
        Reservation reservation,
        SurplusSlice slice,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync<ReserveOutcome>(
            reservation.Fleet,
            reservation.Lease,
            (book, existing) =>
                existing switch
                {
                    { State: ReservationState.Released } => (null, new ReserveOutcome.Spent()),
                    { } => (null, new ReserveOutcome.Reserved()),
                    null => Admission.Admits(
                        reservation.Tier,
                        reservation.Gpus,
                        reservation.LongTerm,
                        slice,
                        book.At(clock.UtcNow)
                    )
                        is { } refusal
                        ? (null, new ReserveOutcome.NotAdmitted(refusal))
                        : (CapacityLedger.Hold(book, existing, reservation), new ReserveOutcome.Reserved()),
                },
            cancellationToken
        );

    /// <summary>Moves a reservation; where it is there already, or past it, or gone, nothing happens.</summary>
    /// <param name="version">Of the lease's event that asks for it.</param>
    /// <exception cref="ContendedException">The book changed at every try.</exception>
    public Task MoveAsync(
        FleetId fleet,
        LeaseId lease,
        LeaseEffect.MoveReservation move,
        long version,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync<object?>(
            fleet,
            lease,
            (book, existing) =>
                existing is null
                    ? (null, null)
                    : (CapacityLedger.Move(book, existing, move, version, options.TickLength), null),
            cancellationToken
        );

    /// <summary>Frees what was reserved for a lease whose stream is not here.</summary>
    /// <exception cref="ContendedException">The book changed at every try.</exception>
    public Task ReleaseAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken) =>
        MoveAsync(fleet, lease, new(ReservationState.Released, clock.UtcNow), version: 0, cancellationToken);

    /// <summary>
    /// Decides on the book as it is, commits against that version, and decides again where somebody else was faster.
    /// </summary>
    /// <remarks>
    /// Who loses takes turns with this process's other losers, first come, first served; who has nothing to write, or
    /// no rival, waits for nobody. Between processes the version alone decides.
    /// </remarks>
    private async Task<TOutcome> ChangeAsync<TOutcome>(
        FleetId fleet,
        LeaseId lease,
        Func<CapacityBook, Reservation?, (CapacityMove? Move, TOutcome Outcome)> decide,
        CancellationToken cancellationToken
    )
    {
        var (isDone, outcome) = await TryAsync(fleet, lease, decide, cancellationToken);
        if (isDone)
        {
            return outcome;
        }
        var turn = _turns.GetOrAdd(fleet, static _ => new(1, 1));
        if (!await turn.WaitAsync(LongestWait, cancellationToken))
        {
            throw new ContendedException(
                $"Others changed the capacity book of {fleet} for {LongestWait.TotalSeconds} s; try again."
            );
        }
        try
        {
            for (var attempt = 2; attempt <= Tries; attempt++)
            {
                (isDone, outcome) = await TryAsync(fleet, lease, decide, cancellationToken);
                if (isDone)
                {
                    return outcome;
                }
                await Backoff.AfterAsync(attempt - 1, cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }
        throw new ContendedException($"The capacity book of {fleet} changed at each of {Tries} tries; try again.");
    }

    private async Task<(bool IsDone, TOutcome Outcome)> TryAsync<TOutcome>(
        FleetId fleet,
        LeaseId lease,
        Func<CapacityBook, Reservation?, (CapacityMove? Move, TOutcome Outcome)> decide,
        CancellationToken cancellationToken
    )
    {
        // The book first: a reservation read before it may be older than it, and what has moved would move again.
        var (book, version) = await books.ReadAsync(fleet, cancellationToken);
        var existing = await books.FindAsync(fleet, lease, cancellationToken);
        var (move, outcome) = decide(book, existing);
        var isDone =
            move is null || await books.TryCommitAsync(move.Book, move.Reservation, version, cancellationToken);
        return (isDone, outcome);
    }
}
