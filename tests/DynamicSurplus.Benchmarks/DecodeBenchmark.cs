using System.Diagnostics;
using System.Globalization;
using System.Text;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Benchmarks;

/// <summary>Telemetry decode: JSON bodies of the API's form and size into columns, on one thread.</summary>
public static class DecodeBenchmark
{
    private const int Shards = 16;
    private const int Fleets = 10_000;
    private const int Samples = 8_000; // about 0.9 MiB, close to the largest body
    private static readonly DateTimeOffset Start = new(2026, 8, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Prints samples per second and bytes allocated per batch, for arrays and for NDJSON.</summary>
    /// <returns>0.</returns>
    public static int Run()
    {
        var lines = new List<string>();
        var random = new Random(1);
        var ids = new Dictionary<string, FleetId>(StringComparer.Ordinal);
        for (var sample = 0; sample < Samples; sample++)
        {
            var fleet = FleetId.Parse($"eu-north-1-h100-{random.Next(Fleets):D5}");
            ids[fleet.ToString()] = fleet;
            var at = Start
                .AddSeconds(random.Next(86_400))
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            lines.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"fleet":"{{fleet}}","at":"{{at}}","healthy":1024,"running":{{random.Next(1024)}},"queued":{{random.Next(500) / 4.0}}}"""
                )
            );
        }
        var byBytes = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        Measure("array", Encoding.UTF8.GetBytes($"[{string.Join(',', lines)}]"), Find);
        Measure("ndjson", Encoding.UTF8.GetBytes(string.Join('\n', lines)), Find);
        return 0;

        bool Find(ReadOnlySpan<byte> utf8Id, out FleetId fleet, out int shard)
        {
            Span<char> chars = stackalloc char[64];
            shard = FleetId.Shard(utf8Id, Shards);
            return byBytes.TryGetValue(chars[..Encoding.ASCII.GetChars(utf8Id, chars)], out fleet);
        }
    }

    private static void Measure(string form, byte[] body, FindFleet find)
    {
        var batch = new TelemetryBatch(Shards);
        for (var warm = 0; warm < 100; warm++)
        {
            Decode();
        }
        var batches = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(3))
        {
            Decode();
            batches++;
        }
        var seconds = watch.Elapsed.TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"decode {form}: {Samples * (double)batches / seconds:N0} samples/s, {body.Length * (double)batches / seconds / 1e6:N0} MB/s, {allocated / batches} bytes allocated per batch of {Samples}"
            )
        );

        void Decode()
        {
            if (
                TelemetryJson.Decode(body, find, DateTimeOffset.MaxValue, batch) is { } error
                || batch.Accepted != Samples
            )
            {
                throw new InvalidOperationException("The benchmark's own body was not accepted.");
            }
        }
    }
}
