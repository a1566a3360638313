using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>The ticks of a fleet as they were recorded: the history of its rates, and the evidence for each.</summary>
public sealed class RateHistory(IShardStore store, EngineOptions options)
{
    /// <summary>How far back the record in force at a time is looked for.</summary>
    private const int MostHoursBack = 48;

    /// <summary>Longest range of one answer.</summary>
    public static readonly TimeSpan MaxRange = TimeSpan.FromDays(31);

    /// <summary>
    /// The record in force at <paramref name="from"/> (where there is one), then all up to <paramref name="to"/>, both
    /// included.
    /// </summary>
    public async Task<IReadOnlyList<TickRecord>> ReadAsync(
        FleetId fleet,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var records = new List<TickRecord>();
        if (await InForceAsync(fleet, from, cancellationToken) is { } inForce)
        {
            records.Add(inForce);
        }
        for (var hour = HourOf(from); hour <= to; hour = hour.AddHours(1))
        {
            var ofHour = await HourAsync(fleet, hour, cancellationToken);
            records.AddRange(ofHour.Where(record => record.Tick.Start > from && record.Tick.Start <= to));
        }
        return records;
    }

    /// <summary>The latest record, or null where the fleet was never priced within two days.</summary>
    public Task<TickRecord?> LatestAsync(FleetId fleet, DateTimeOffset now, CancellationToken cancellationToken) =>
        InForceAsync(fleet, now, cancellationToken);

    private async Task<TickRecord?> InForceAsync(FleetId fleet, DateTimeOffset at, CancellationToken cancellationToken)
    {
        for (var back = 0; back <= MostHoursBack; back++)
        {
            var ofHour = await HourAsync(fleet, HourOf(at).AddHours(-back), cancellationToken);
            if (ofHour.LastOrDefault(record => record.Tick.Start <= at) is { } record)
            {
                return record;
            }
        }
        return null;
    }

    private async Task<IReadOnlyList<TickRecord>> HourAsync(
        FleetId fleet,
        DateTimeOffset hour,
        CancellationToken cancellationToken
    ) =>
        TickRecordCodec.Read(
            await store.ReadRecordsAsync(fleet.Shard(options.ShardCount), hour, cancellationToken),
            fleet
        );

    private static DateTimeOffset HourOf(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds() / 3600 * 3600);
}
