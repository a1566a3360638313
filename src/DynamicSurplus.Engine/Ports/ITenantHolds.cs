using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// The live holds of each tenant on all fleets, one short list each: what its limits are judged by. The capacity books
/// stay the truth about GPUs; this list may name a hold that was never made, and never misses one that was.
/// </summary>
public interface ITenantHolds
{
    /// <summary>Holds that one list can name.</summary>
    const int MostHolds = 500;

    /// <summary>The list as it was written; an empty one with a null version where there never was any.</summary>
    Task<(IReadOnlyList<TenantHold> Holds, string? Version)> ReadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    );

    /// <summary>Replaces the list if it is still <paramref name="version"/>.</summary>
    /// <param name="holds">At most <see cref="MostHolds"/>.</param>
    /// <param name="version">As read or written; null: there is none yet.</param>
    /// <returns>The new version; null on a conflict, and then nothing was written.</returns>
    /// <exception cref="ArgumentException">More holds than a list can name.</exception>
    Task<string?> TryWriteAsync(
        TenantId tenant,
        IReadOnlyList<TenantHold> holds,
        string? version,
        CancellationToken cancellationToken
    );

    /// <exception cref="ArgumentException">As <see cref="TryWriteAsync"/> says.</exception>
    static void Require(IReadOnlyList<TenantHold> holds)
    {
        if (holds.Count > MostHolds)
        {
            throw new ArgumentException(
                $"{holds.Count} holds; a tenant's list names at most {MostHolds}.",
                nameof(holds)
            );
        }
    }
}
