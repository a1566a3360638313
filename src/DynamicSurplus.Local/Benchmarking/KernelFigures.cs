using DynamicSurplus.Pricing.Kernel;

namespace DynamicSurplus.Local.Benchmarking;

/// <summary>The vectorized pricing function timed on one thread beside a triad of the same footprint.</summary>
/// <param name="GigabytesPerSecond">10^9 bytes of columns read and written.</param>
/// <param name="TriadGigabytesPerSecond">10^9 bytes that a[i] = b[i] + s × c[i] read and wrote.</param>
public sealed record KernelFigures(
    int Fleets,
    double FleetsPerSecond,
    double GigabytesPerSecond,
    double TriadGigabytesPerSecond,
    long AllocatedBytesPerTick
)
{
    /// <summary>Each of the columns that a tick touches, once.</summary>
    private const int FootprintBytesPerFleet = 96;

    private const int AllocationTicks = 10;

    public static KernelFigures Measure(int fleets) =>
        Measure(SyntheticFleets.Create(fleets, seed: 1), rival: null, out _);

    /// <param name="rival">What else to time in the same run.</param>
    /// <param name="rivalSeconds">Of one call of it; NaN where there is none.</param>
    public static KernelFigures Measure(PricingColumns columns, Action? rival, out double rivalSeconds)
    {
        var triad = new Triad((long)FootprintBytesPerFleet * columns.Count);
        Action[] actions = [() => PricingKernel.Run(columns), triad.Run, .. rival is null ? (Action[])[] : [rival]];
        var seconds = TimedPasses.MedianSeconds(actions);
        rivalSeconds = rival is null ? double.NaN : seconds[^1];

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var tick = 0; tick < AllocationTicks; tick++)
        {
            PricingKernel.Run(columns);
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new(
            columns.Count,
            columns.Count / seconds[0],
            (double)PricingColumns.BytesPerTick * columns.Count / seconds[0] / 1e9,
            triad.BytesMoved / seconds[1] / 1e9,
            allocated / AllocationTicks
        );
    }
}
