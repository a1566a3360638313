using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// Requests seen, by shard and tick: each counts once, whatever its retries. The pricing cycle folds and deletes them.
/// </summary>
public interface IRequestLog
{
    /// <summary>Insert by (shard, tick, key): a repeat in the same tick changes nothing, the first stays.</summary>
    Task RecordAsync(int shard, SeenRequest request, CancellationToken cancellationToken);

    /// <summary>All requests of ticks before <paramref name="before"/> that have not been deleted.</summary>
    /// <returns>Ordered by tick, then key (ordinal), so that their sum has the same bits in every run.</returns>
    Task<IReadOnlyList<SeenRequest>> ListAsync(int shard, Tick before, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes just these, so that one that came after the listing is not lost; those already gone are no error.
    /// </summary>
    Task DeleteAsync(int shard, IReadOnlyList<SeenRequest> requests, CancellationToken cancellationToken);
}
