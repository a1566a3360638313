using System.Diagnostics;
using System.Globalization;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Benchmarks;

/// <summary>The pricing cycle in memory, one thread: a sample of each fleet folded, priced, scored, booked.</summary>
internal static class CycleBenchmark
{
    private const int Shards = 2;
    private const int FleetsPerShard = 50_000;
    private const int Passes = 15;

    public static int Run()
    {
        var states = Enumerable.Range(0, Shards).Select(Create).ToArray();
        var cycle = new PricingCycle(new ReferenceRiskModel());
        var tick = new Tick(1_785_585_600);
        var milliseconds = new List<double>();
        for (var pass = 0; pass < Passes; pass++)
        {
            tick = tick.Plus(1, TickLength.Default);
            var batches = states.Select(state => Samples(state, tick, pass)).ToArray();
            var started = Stopwatch.GetTimestamp();
            for (var shard = 0; shard < Shards; shard++)
            {
                states[shard].Fold(batches[shard]);
                cycle.Run(states[shard], tick, tick.Start, new(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(10)));
                GC.KeepAlive(states[shard].Book());
            }
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        milliseconds.Sort();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Shards * FleetsPerShard} fleets: median {milliseconds[Passes / 2]:F1} ms of {Passes} passes"
            )
        );
        return 0;
    }

    private static ShardState Create(int shard)
    {
        var policy = FleetPolicy.Under(Rate.FromUsd(4));
        var state = new ShardState(TickLength.Default);
        state.Adopt([
            .. Enumerable
                .Range(0, FleetsPerShard)
                .Select(n => new Fleet(
                    FleetId.Parse($"fleet-{shard}-{n}"),
                    "eu",
                    "H100",
                    "main",
                    "team",
                    new FleetAttributes(),
                    policy,
                    Revision: 1
                )),
        ]);
        return state;
    }

    private static SampleColumns Samples(ShardState state, Tick tick, int pass)
    {
        var samples = new SampleColumns();
        for (var place = 0; place < state.Count; place++)
        {
            samples.Add(new Sample(state.Index.Fleets[place], tick.Start, 64, (place + pass) % 64, 0));
        }
        return samples;
    }
}
