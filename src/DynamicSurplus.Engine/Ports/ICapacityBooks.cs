using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>One capacity book per fleet with its reservations, in one partition.</summary>
public interface ICapacityBooks
{
    /// <summary>The fleet's book; one of zeros with a null version where nothing was ever reserved.</summary>
    Task<(CapacityBook Book, string? Version)> ReadAsync(FleetId fleet, CancellationToken cancellationToken);

    Task<Reservation?> FindAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken);

    /// <summary>All of the fleet's reservations, tombstones too, ordered by lease id.</summary>
    Task<IReadOnlyList<Reservation>> ListAsync(FleetId fleet, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the book and upserts one reservation in one transaction, if the book is still
    /// <paramref name="version"/>.
    /// </summary>
    /// <param name="version">As read; null: the fleet has no book yet.</param>
    /// <returns>False on a conflict; then nothing was written.</returns>
    /// <exception cref="ArgumentException">The reservation is another fleet's.</exception>
    Task<bool> TryCommitAsync(
        CapacityBook book,
        Reservation reservation,
        string? version,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Replaces the book alone, if it is still <paramref name="version"/>: for one that is not the sum of its
    /// reservations.
    /// </summary>
    /// <param name="version">As read; null: the fleet has no book yet.</param>
    /// <returns>False on a conflict; then nothing was written.</returns>
    Task<bool> TryCorrectAsync(CapacityBook book, string? version, CancellationToken cancellationToken);

    /// <summary>Removes the tombstone of a settled lease; no error where it is gone.</summary>
    /// <exception cref="InvalidOperationException">The reservation is live: the book still counts it.</exception>
    Task ForgetAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken);
}
