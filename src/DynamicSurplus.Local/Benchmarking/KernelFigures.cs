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

    public static KernelFigures Measure(int fleets)
    {
        var columns = SyntheticFleets.Create(fleets, seed: 1);
        var triad = new Triad((long)FootprintBytesPerFleet * fleets);
        var seconds = TimedPasses.MedianSeconds(() => PricingKernel.Run(columns), triad.Run);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var tick = 0; tick < AllocationTicks; tick++)
        {
            PricingKernel.Run(columns);
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new(
            fleets,
            fleets / seconds[0],
            (double)PricingColumns.BytesPerTick * fleets / seconds[0] / 1e9,
            triad.BytesMoved / seconds[1] / 1e9,
            allocated / AllocationTicks
        );
    }
}
