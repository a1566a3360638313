using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Takes a new shard through past telemetry, so that its margins know the fleets before the first live tick. Nothing of
/// it is published, and what it counts for reports is forgotten.
/// </summary>
public sealed class WarmUpShard(IFleetDirectory directory, IShardStore store, PricingCycle cycle, EngineOptions options)
{
    /// <param name="past">Each tick's samples, oldest tick first; all before now.</param>
    /// <returns>False where the shard has a state already: it is left as it is.</returns>
    public async Task<bool> RunAsync(
        int shard,
        IEnumerable<(Tick Tick, IReadOnlyList<Sample> Samples)> past,
        CancellationToken cancellationToken
    )
    {
        if (await store.LoadStateAsync(shard, cancellationToken) is not null)
        {
            return false;
        }
        var stamp = await directory.StampAsync(shard, cancellationToken);
        var fleets = await directory.ListAsync(shard, cancellationToken);
        var state = new ShardState(options.TickLength) { Stamp = stamp };
        state.Adopt([.. fleets.Select(fleet => fleet.Value)]);
        var batch = new SampleColumns();
        foreach (var (tick, samples) in past)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Clear();
            foreach (var sample in samples)
            {
                batch.Add(sample);
            }
            state.Fold(batch);
            cycle.Run(state, tick, tick.Start, new(options.FreezeAfter, options.RefuseAfter));
        }
        state.ForgetUse();
        return await store.TrySaveStateAsync(shard, ShardStateCodec.Write(state), null, cancellationToken) is not null;
    }
}
