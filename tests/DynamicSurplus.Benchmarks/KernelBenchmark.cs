using System.Globalization;
using DynamicSurplus.Local.Benchmarking;
using DynamicSurplus.Pricing.Kernel;

namespace DynamicSurplus.Benchmarks;

/// <summary>
/// The vectorized pricing function against the same loop in C and against a triad, on one thread, in one run.
/// </summary>
public static class KernelBenchmark
{
    private static readonly string[] DefaultFleets = ["65536", "4194304"];

    /// <param name="fleets">Counts, one measurement each; none: hot and cold.</param>
    /// <returns>0, or 2 where a count is none.</returns>
    public static int Run(string[] fleets)
    {
        Console.WriteLine(
            "| fleets | M fleets/s | GB/s | triad GB/s | C, M fleets/s | kernel / C | B allocated per tick |"
        );
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var text in fleets.Length > 0 ? fleets : DefaultFleets)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
            {
                Console.Error.WriteLine($"kernel '{text}': give numbers of fleets, such as 65536.");
                return 2;
            }
            Console.WriteLine(Row(count));
        }
        return 0;
    }

    private static string Row(int fleets)
    {
        var columns = SyntheticFleets.Create(fleets, seed: 1);
        using var twin = CompiledTwin.Build(columns);
        if (twin is not null)
        {
            RequireSameRates(columns, twin);
        }
        var figures = KernelFigures.Measure(columns, twin is null ? null : twin.Tick, out var twinSeconds);
        var twinRate = fleets / twinSeconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {fleets} | {figures.FleetsPerSecond / 1e6:N0} | {figures.GigabytesPerSecond:N1} "
                + $"| {figures.TriadGigabytesPerSecond:N1} "
                + $"| {twinRate / 1e6:N0} | {figures.FleetsPerSecond / twinRate:N2} | {figures.AllocatedBytesPerTick} |"
        );
    }

    /// <summary>
    /// A twin that did less work would prove nothing: its rates must lie within a step of the kernel's.
    /// </summary>
    private static void RequireSameRates(PricingColumns columns, CompiledTwin twin)
    {
        PricingKernel.Run(columns);
        twin.Tick();
        var steps = twin.RateSteps();
        for (var fleet = 0; fleet < columns.Count; fleet++)
        {
            if (Math.Abs(steps[fleet] - columns.RateSteps[fleet]) > 1)
            {
                throw new InvalidOperationException(
                    $"Fleet {fleet}: C priced {steps[fleet]} steps, the kernel {columns.RateSteps[fleet]}."
                );
            }
        }
    }
}
