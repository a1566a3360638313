using System.Globalization;
using DynamicSurplus.Fleets;
using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Benchmarks;

/// <summary>
/// A month of one fleet with its leases in the simulator: 43,200 ticks, priced, leased, reclaimed, settled.
/// </summary>
internal static class MonthBenchmark
{
    private const int Ticks = 30 * 24 * 60;
    private const int Healthy = 256;
    private const int Runs = 7;

    /// <returns>0.</returns>
    public static int Run()
    {
        var (length, id) = (TickLength.Default, FleetId.Parse("fleet-0"));
        var demand = new SyntheticDemand(id, seed: 1, new DemandShape(Healthy), length);
        var first = Tick.At(new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero), length);
        var samples = Enumerable.Range(0, Ticks).Select(n => demand.At(first.Plus(n, length), 0, 0)).ToArray();
        foreach (var load in Enum.GetValues<MarketLoad>())
        {
            var options = new BacktestOptions(FleetPolicy.Under(BacktestOptions.UnitCeiling), load, Seed: 1);
            var (seconds, leases) = (new List<double>(), 0L);
            for (var run = 0; run < Runs; run++)
            {
                var backtest = new FleetBacktest(new FleetTrace(id, samples, length), options);
                var began = Environment.CpuUsage.TotalTime;
                leases = backtest.Run(static () => { }, CancellationToken.None).Admitted;
                seconds.Add((Environment.CpuUsage.TotalTime - began).TotalSeconds);
            }
            seconds.Sort();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{load} market, {Healthy} GPUs: {leases:N0} leases, median {seconds[Runs / 2]:F2} CPU seconds"
                )
            );
        }
        return 0;
    }
}
