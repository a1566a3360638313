using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What every fleet's GPUs did since it began, as of the latest tick.</summary>
public sealed class ReadFleetUse(IShardStore store, EngineOptions options)
{
    public async Task<IReadOnlyList<FleetUse>> RunAsync(CancellationToken cancellationToken)
    {
        var fleets = new List<FleetUse>();
        for (var shard = 0; shard < options.ShardCount; shard++)
        {
            if (await store.LoadStateAsync(shard, cancellationToken) is { } stored)
            {
                var state = ShardStateCodec.Read(stored.Value);
                fleets.AddRange(Enumerable.Range(0, state.Count).Select(place => FleetUse.Of(state, place)));
            }
        }
        return fleets;
    }
}
