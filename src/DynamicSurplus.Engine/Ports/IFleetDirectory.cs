using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// The operators' fleets, by shard and id. A write also moves its shard's stamp, in the same transaction.
/// </summary>
public interface IFleetDirectory
{
    Task<Versioned<Fleet>?> FindAsync(FleetId id, CancellationToken cancellationToken);

    /// <summary>All fleets of a shard, ordered by id (ordinal).</summary>
    Task<IReadOnlyList<Versioned<Fleet>>> ListAsync(int shard, CancellationToken cancellationToken);

    /// <summary>
    /// Changes with every write to the shard, and only then: who has seen it need not list again. 0 before the first.
    /// </summary>
    Task<long> StampAsync(int shard, CancellationToken cancellationToken);

    /// <summary>
    /// Insert where <paramref name="ifMatch"/> is null (conflict if it exists), else replace that version.
    /// </summary>
    /// <returns>
    /// The new version, never one that was used before; or null on a conflict (another version, or gone).
    /// </returns>
    Task<string?> TryPutAsync(Fleet fleet, string? ifMatch, CancellationToken cancellationToken);

    /// <returns>False on a conflict. Deleting what is not there is a conflict.</returns>
    Task<bool> TryDeleteAsync(FleetId id, string ifMatch, CancellationToken cancellationToken);
}
