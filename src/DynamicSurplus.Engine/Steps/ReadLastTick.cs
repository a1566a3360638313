using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>The newest tick that any shard has committed. Needs no clock: a host may ask before it has one.</summary>
public sealed class ReadLastTick(IShardStore store, EngineOptions options)
{
    /// <returns>Null before the first tick.</returns>
    public async Task<Tick?> RunAsync(CancellationToken cancellationToken)
    {
        var last = Tick.None;
        for (var shard = 0; shard < options.ShardCount; shard++)
        {
            if (await store.LoadStateAsync(shard, cancellationToken) is { } stored)
            {
                var tick = ShardStateCodec.Read(stored.Value).LastTick;
                last = tick > last ? tick : last;
            }
        }
        return last == Tick.None ? null : last;
    }
}
