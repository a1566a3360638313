using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A month's displaced demand of all fleets, as the pricing cycles booked it.</summary>
public sealed class ReadDisplaced(IDisplacedBooks books, EngineOptions options)
{
    public async Task<IReadOnlyList<DisplacedEntry>> RunAsync(BillingPeriod period, CancellationToken cancellationToken)
    {
        var entries = new List<DisplacedEntry>();
        for (var shard = 0; shard < options.ShardCount; shard++)
        {
            if (await books.ReadAsync(shard, period, cancellationToken) is { IsEmpty: false } stored)
            {
                entries.AddRange(DisplacedBookCodec.Read(stored).Entries);
            }
        }
        return entries;
    }
}
