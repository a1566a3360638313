using System.Text;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Tests.Wire;

/// <summary>Bodies of telemetry, and a decoder that knows fleets <c>fleet-0</c> to <c>fleet-9</c>.</summary>
internal static class Body
{
    public const int Shards = 3;
    public const string Good =
        """{"fleet":"fleet-1","at":"2026-08-22T12:00:00Z","healthy":100,"running":60,"queued":10}""";

    public static TelemetryBatch Decode(string body) => Decode(Encoding.UTF8.GetBytes(body));

    public static TelemetryBatch Decode(ReadOnlySpan<byte> body)
    {
        var batch = new TelemetryBatch(Shards);
        return TelemetryJson.Decode(body, Find, DateTimeOffset.MaxValue, batch) is { } error
            ? throw new InvalidOperationException(error.ToString())
            : batch;
    }

    public static FieldError? Error(ReadOnlySpan<byte> body, TelemetryBatch batch) =>
        TelemetryJson.Decode(body, Find, DateTimeOffset.MaxValue, batch);

    public static FieldError? Error(string body, TelemetryBatch batch) => Error(Encoding.UTF8.GetBytes(body), batch);

    public static bool Find(ReadOnlySpan<byte> utf8Id, out FleetId fleet, out int shard)
    {
        fleet = default;
        shard = FleetId.Shard(utf8Id, Shards);
        return utf8Id is [.., >= (byte)'0' and <= (byte)'9']
            && utf8Id[..^1].SequenceEqual("fleet-"u8)
            && FleetId.TryParse(Encoding.UTF8.GetString(utf8Id), out fleet);
    }

    public static IEnumerable<Sample> Samples(TelemetryBatch batch) =>
        batch.Shards.SelectMany(shard => Enumerable.Range(0, shard.Count).Select(row => shard[row]));
}
