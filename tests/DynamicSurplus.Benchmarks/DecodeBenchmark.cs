using System.Diagnostics;
using System.Globalization;
using System.Text;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Benchmarks;

/// <summary>Telemetry decode: JSON bodies of the API's form and size into columns, on one thread.</summary>
public static class DecodeBenchmark
{
    private const int Fleets = 10_000;
    private const int Samples = 8_000; // about 0.9 MiB, close to the largest body
    private static readonly DateTimeOffset Start = new(2026, 8, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Prints samples per second and bytes allocated per batch, for arrays and for NDJSON.</summary>
    /// <returns>0.</returns>
    public static async Task<int> RunAsync()
    {
        var options = new EngineOptions { ShardCount = 16 };
        var directory = new InMemoryFleetDirectory(options);
        var ids = Enumerable.Range(0, Fleets).Select(n => FleetId.Parse($"eu-north-1-h100-{n:D5}")).ToArray();
        foreach (var id in ids)
        {
            var policy = FleetPolicy.Under(Rate.FromUsd(3.25m));
            await directory.TryPutAsync(new(id, "eu", "H100", "pool", "team", new(), policy), null, default);
        }
        using var catalog = new FleetCatalog(directory, options, TimeProvider.System, FleetCatalog.DefaultInterval);
        var fleets = await catalog.GetAsync(default);
        var random = new Random(1);
        var lines = Enumerable.Range(0, Samples).Select(_ => Line(ids[random.Next(Fleets)], random)).ToArray();
        Measure("array", Encoding.UTF8.GetBytes($"[{string.Join(',', lines)}]"), fleets.TryFind);
        Measure("ndjson", Encoding.UTF8.GetBytes(string.Join('\n', lines)), fleets.TryFind);
        return 0;
    }

    private static string Line(FleetId fleet, Random random)
    {
        var at = Start.AddSeconds(random.Next(86_400)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var running = random.Next(1024);
        var queued = random.Next(500) / 4.0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"fleet":"{{fleet}}","at":"{{at}}","healthy":1024,"running":{{running}},"queued":{{queued}}}"""
        );
    }

    private static void Measure(string form, byte[] body, FindFleet find)
    {
        var batch = new TelemetryBatch(shardCount: 16);
        for (var warm = 0; warm < 100; warm++)
        {
            Decode();
        }
        var batches = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var started = Environment.CpuUsage.TotalTime; // of this process: what others take is not ours
        while (watch.Elapsed < TimeSpan.FromSeconds(3))
        {
            Decode();
            batches++;
        }
        var perSecond = batches / (Environment.CpuUsage.TotalTime - started).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"decode {form}: {Samples * perSecond:N0} samples per CPU second, "
                    + $"{body.Length * perSecond / 1e6:N0} MB/s, "
                    + $"{allocated / batches} bytes allocated per batch of {Samples}"
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
