using DynamicSurplus.Engine.Wire;
using Microsoft.Extensions.ObjectPool;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Takes one body of telemetry in: decodes it, and adds each shard's share to that shard's inbox.</summary>
/// <remarks>
/// Safe to repeat: samples that were taken in twice fold to the same state. Only refusals count again.
/// </remarks>
/// <param name="clock">The host's time, simulated or real.</param>
public sealed class IngestTelemetry(FleetCatalog catalog, StoreSamples store, TimeProvider clock, EngineOptions options)
{
    private readonly DefaultObjectPool<TelemetryBatch> _batches = new(new BatchPolicy(options.ShardCount));

    /// <summary>Ingests a body, a JSON array or NDJSON.</summary>
    public async Task<IngestResult> RunAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var batch = _batches.Get();
        try
        {
            var latest = clock.GetUtcNow() + options.FutureAllowance;
            var fleets = await catalog.GetAsync(cancellationToken);
            var unreadable = TelemetryJson.Decode(body.Span, fleets.TryFind, latest, batch);
            if (batch.UnknownFleets > 0)
            {
                // Registered a moment ago, perhaps.
                var newer = await catalog.GetForUnknownAsync(cancellationToken);
                unreadable =
                    newer == fleets ? unreadable : TelemetryJson.Decode(body.Span, newer.TryFind, latest, batch);
            }
            if (unreadable is not null)
            {
                return new IngestResult.Unreadable(unreadable);
            }
            await store.RunAsync(batch, cancellationToken);
            return new IngestResult.Ingested(batch.Accepted, [.. batch.Refusals]);
        }
        finally
        {
            _batches.Return(batch);
        }
    }

    private sealed class BatchPolicy(int shardCount) : PooledObjectPolicy<TelemetryBatch>
    {
        public override TelemetryBatch Create() => new(shardCount);

        public override bool Return(TelemetryBatch batch)
        {
            batch.Clear();
            return true;
        }
    }
}
