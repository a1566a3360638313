using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// Displaced demand by shard and month, as bytes. Only the pricing cycle writes; months past stay for good.
/// </summary>
public interface IDisplacedBooks
{
    /// <summary>Replaces the month's book whole, unless the one of that tick or a later one is stored.</summary>
    Task PutAsync(
        int shard,
        BillingPeriod period,
        Tick tick,
        ReadOnlyMemory<byte> book,
        CancellationToken cancellationToken
    );

    /// <returns>Empty where nothing was displaced in that month.</returns>
    Task<ReadOnlyMemory<byte>> ReadAsync(int shard, BillingPeriod period, CancellationToken cancellationToken);
}
