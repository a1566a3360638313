using DynamicSurplus.Measures;

namespace DynamicSurplus.Pricing;

/// <summary>
/// Columns of a shard that are neither telemetry, risk nor price: the operators' settings, what is leased, and sums for
/// reports. Units: GPUs, watts, GPU-seconds.
/// </summary>
public sealed class FleetColumns
{
    /// <summary>The operator's write that the columns hold, 0: none yet.</summary>
    public long[] Revision { get; private set; } = [];

    public double[] FirmFactor { get; private set; } = [];

    /// <summary>0 where the fleet states no power budget.</summary>
    public double[] BudgetWatts { get; private set; } = [];

    public double[] WattsPerGpu { get; private set; } = [];

    public bool[] Paused { get; private set; } = [];

    public bool[] DemandIncludesLeased { get; private set; } = [];

    /// <summary>Rate and demand estimate have begun: at the first tick with fresh telemetry.</summary>
    public bool[] Started { get; private set; } = [];

    /// <summary>The newest sample is too old for a new lease.</summary>
    public bool[] Stale { get; private set; } = [];

    /// <summary>
    /// Leases are, or may soon be, there: the cycle reads the fleet's capacity book until this time, Unix seconds.
    /// </summary>
    public long[] WatchUntil { get; private set; } = [];

    /// <summary>GPUs with customers' work on them, spot and firm, in notice too.</summary>
    public int[] Leased { get; private set; } = [];

    public int[] LeasedFirm { get; private set; } = [];

    /// <summary>Observed over predicted interruptions, smoothed; 2 before any was predicted.</summary>
    public double[] Hazard { get; private set; } = [];

    /// <summary>Offered load of the requests since the last tick, GPU-ticks.</summary>
    public double[] Offered { get; private set; } = [];

    /// <summary>The kernel's state before the tick, kept for the record.</summary>
    public float[] InterestBefore { get; private set; } = [];

    public float[] LogRateBefore { get; private set; } = [];

    /// <summary>Sums of free and of capacity over the ticks since the fleet began, and how many these are.</summary>
    public double[] FreeSum { get; private set; } = [];

    public double[] CapacitySum { get; private set; } = [];

    public long[] FreeTicks { get; private set; } = [];

    public double[] CapacityGpuSeconds { get; private set; } = [];

    public double[] DemandGpuSeconds { get; private set; } = [];

    /// <summary>Internal demand that ran.</summary>
    public double[] ServedGpuSeconds { get; private set; } = [];

    public double[] LeasedGpuSeconds { get; private set; } = [];

    /// <summary>Internal demand past the enforced wall.</summary>
    public double[] DisplacedGpuSeconds { get; private set; } = [];

    /// <summary>Seconds with protected demand + leased firm above capacity.</summary>
    public double[] FirmOverrunSeconds { get; private set; } = [];

    /// <summary>The owning team, by its place in <see cref="ShardState.Teams"/>.</summary>
    public int[] Team { get; private set; } = [];

    /// <summary>What displaced demand cost since the fleet began, micro-dollars at each tick's spot rate.</summary>
    public long[] DisplacedMicroUsd { get; private set; } = [];

    /// <summary>The same of the latest tick alone, kept for the record.</summary>
    public long[] DisplacedInTickMicroUsd { get; private set; } = [];

    /// <summary>Makes room for this many fleets; new ones are all zero.</summary>
    public void Resize(int count)
    {
        if (count > Revision.Length)
        {
            var growth = new ColumnGrowth(Math.Max(count, 2 * Revision.Length));
            Accept(growth);
            AcceptMoney(growth);
        }
    }

    /// <summary>Begins the sums for reports anew; the mean of free goes on.</summary>
    public void ForgetUse(int count)
    {
        foreach (
            var sum in (double[][])
                [
                    CapacityGpuSeconds,
                    DemandGpuSeconds,
                    ServedGpuSeconds,
                    LeasedGpuSeconds,
                    DisplacedGpuSeconds,
                    FirmOverrunSeconds,
                ]
        )
        {
            sum.AsSpan(0, count).Clear();
        }
        DisplacedMicroUsd.AsSpan(0, count).Clear();
        DisplacedInTickMicroUsd.AsSpan(0, count).Clear();
    }

    /// <summary>The columns of money in their stored order, behind all others: states before them lack them.</summary>
    public void AcceptMoney(IColumnVisitor visitor)
    {
        Team = visitor.Visit(Team);
        DisplacedMicroUsd = visitor.Visit(DisplacedMicroUsd);
        DisplacedInTickMicroUsd = visitor.Visit(DisplacedInTickMicroUsd);
    }

    /// <summary>The other columns in their stored order, which no longer changes.</summary>
    public void Accept(IColumnVisitor visitor)
    {
        Revision = visitor.Visit(Revision);
        FirmFactor = visitor.Visit(FirmFactor);
        BudgetWatts = visitor.Visit(BudgetWatts);
        WattsPerGpu = visitor.Visit(WattsPerGpu);
        Paused = visitor.Visit(Paused);
        DemandIncludesLeased = visitor.Visit(DemandIncludesLeased);
        Started = visitor.Visit(Started);
        Stale = visitor.Visit(Stale);
        WatchUntil = visitor.Visit(WatchUntil);
        Leased = visitor.Visit(Leased);
        LeasedFirm = visitor.Visit(LeasedFirm);
        Hazard = visitor.Visit(Hazard);
        Offered = visitor.Visit(Offered);
        InterestBefore = visitor.Visit(InterestBefore);
        LogRateBefore = visitor.Visit(LogRateBefore);
        FreeSum = visitor.Visit(FreeSum);
        CapacitySum = visitor.Visit(CapacitySum);
        FreeTicks = visitor.Visit(FreeTicks);
        CapacityGpuSeconds = visitor.Visit(CapacityGpuSeconds);
        DemandGpuSeconds = visitor.Visit(DemandGpuSeconds);
        ServedGpuSeconds = visitor.Visit(ServedGpuSeconds);
        LeasedGpuSeconds = visitor.Visit(LeasedGpuSeconds);
        DisplacedGpuSeconds = visitor.Visit(DisplacedGpuSeconds);
        FirmOverrunSeconds = visitor.Visit(FirmOverrunSeconds);
    }
}
