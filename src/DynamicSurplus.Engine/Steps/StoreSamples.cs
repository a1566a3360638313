using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Where every road of telemetry ends: samples that count go to their shards' inboxes, refusals to their fleets' lists,
/// and both are counted.
/// </summary>
public sealed class StoreSamples
{
    private readonly ITelemetryInbox _inbox;
    private readonly IRefusals _refusals;
    private readonly TimeProvider _clock;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;

    /// <summary>Counts into the meter "DynamicSurplus".</summary>
    /// <param name="clock">The host's time, simulated or real.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The factory owns its meters and disposes of them.")]
    public StoreSamples(ITelemetryInbox inbox, IRefusals refusals, TimeProvider clock, IMeterFactory meters)
    {
        _inbox = inbox;
        _refusals = refusals;
        _clock = clock;
        var meter = meters.Create(EngineMetrics.MeterName);
        _accepted = meter.CreateCounter<long>("telemetry.samples.accepted", "{sample}", "Samples added to an inbox");
        _refused = meter.CreateCounter<long>("telemetry.samples.refused", "{sample}", "Samples refused, by field");
    }

    public async Task RunAsync(TelemetryBatch batch, CancellationToken cancellationToken)
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
        field is "fleet" or "at" or "healthy" or "running" or "queued" or "watts" or "telemetry" ? field : "other";
}
