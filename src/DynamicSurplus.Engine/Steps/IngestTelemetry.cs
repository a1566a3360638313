using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using Microsoft.Extensions.ObjectPool;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Takes one body of telemetry in: decodes it, and adds each shard's share to that shard's inbox.</summary>
/// <remarks>
/// Safe to repeat: samples that were taken in twice fold to the same state. Only refusals count again.
/// </remarks>
public sealed class IngestTelemetry
{
    private readonly FleetCatalog _catalog;
    private readonly ITelemetryInbox _inbox;
    private readonly IRefusals _refusals;
    private readonly TimeProvider _clock;
    private readonly EngineOptions _options;
    private readonly DefaultObjectPool<TelemetryBatch> _batches;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;

    /// <summary>Counts into the meter "DynamicSurplus".</summary>
    /// <param name="clock">The host's time, simulated or real.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The factory owns its meters and disposes of them.")]
    public IngestTelemetry(
        FleetCatalog catalog,
        ITelemetryInbox inbox,
        IRefusals refusals,
        TimeProvider clock,
        EngineOptions options,
        IMeterFactory meters
    )
    {
        _catalog = catalog;
        _inbox = inbox;
        _refusals = refusals;
        _clock = clock;
        _options = options;
        _batches = new(new BatchPolicy(options.ShardCount));
        var meter = meters.Create("DynamicSurplus");
        _accepted = meter.CreateCounter<long>("telemetry.samples.accepted", "{sample}", "Samples added to an inbox");
        _refused = meter.CreateCounter<long>("telemetry.samples.refused", "{sample}", "Samples refused, by field");
    }

    /// <summary>Ingests a body, a JSON array or NDJSON.</summary>
    public async Task<IngestResult> RunAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var batch = _batches.Get();
        try
        {
            var latest = _clock.GetUtcNow() + _options.FutureAllowance;
            var fleets = await _catalog.GetAsync(cancellationToken);
            var unreadable = TelemetryJson.Decode(body.Span, fleets.TryFind, latest, batch);
            if (batch.UnknownFleets > 0)
            {
                // Registered a moment ago, perhaps.
                var newer = await _catalog.GetForUnknownAsync(cancellationToken);
                unreadable =
                    newer == fleets ? unreadable : TelemetryJson.Decode(body.Span, newer.TryFind, latest, batch);
            }
            if (unreadable is not null)
            {
                return new IngestResult.Unreadable(unreadable);
            }
            await StoreAsync(batch, cancellationToken);
            return new IngestResult.Ingested(batch.Accepted, [.. batch.Refusals]);
        }
        finally
        {
            _batches.Return(batch);
        }
    }

    private async Task StoreAsync(TelemetryBatch batch, CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < batch.Shards.Count; shard++)
        {
            if (batch.Shards[shard].Count > 0)
            {
                await _inbox.AddAsync(shard, InboxCodec.Encode(batch.Shards[shard]), cancellationToken);
            }
        }
        _accepted.Add(batch.Accepted);
        if (batch.Refusals.Count > 0)
        {
            await _refusals.AddAsync([.. batch.Refusals], _clock.GetUtcNow(), cancellationToken);
            foreach (var field in batch.Refusals.CountBy(refusal => Known(refusal.Field)))
            {
                _refused.Add(field.Value, new KeyValuePair<string, object?>("field", field.Key));
            }
        }
    }

    /// <summary>A label of few values: a sender may call a member anything.</summary>
    private static string Known(string field) =>
        field is "fleet" or "at" or "healthy" or "running" or "queued" or "watts" ? field : "other";

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
