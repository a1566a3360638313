namespace DynamicSurplus.Local.Backtesting;

/// <summary>
/// The sums of a backtest over one fleet, or over several, and the figures that follow from them. All of it was made
/// with synthetic outside demand. Shares are of 1; null where there is nothing to divide by.
/// </summary>
public sealed record BacktestFigures
{
    public long Ticks { get; init; }

    /// <summary>Capacity, mean over the ticks; of several fleets the sum.</summary>
    public double MeanGpus { get; init; }

    /// <summary>GPUs that could run, over time.</summary>
    public double CapacityGpuHours { get; init; }

    /// <summary>Internal demand, running and queued, over time.</summary>
    public double DemandGpuHours { get; init; }

    /// <summary>
    /// Internal demand that the fleet would serve by itself: without leases and without an enforced wall.
    /// </summary>
    public double AloneGpuHours { get; init; }

    /// <summary>Internal demand served and leases, at most the capacity, over time.</summary>
    public double BusyGpuHours { get; init; }

    /// <summary>Protected demand that waited for leased GPUs, over time.</summary>
    public double WaitGpuHours { get; init; }

    /// <summary>Demand above the enforced wall, over time.</summary>
    public double DisplacedGpuHours { get; init; }

    public long Requests { get; init; }

    /// <summary>Leases that were granted.</summary>
    public long Admitted { get; init; }

    public long Reclaimed { get; init; }

    /// <summary>GPUs × time that customers were billed.</summary>
    public double SoldGpuHours { get; init; }

    /// <summary>Locked rate × GPUs × time of all leases, in hours of one GPU at the ceiling.</summary>
    public double RevenueCeilingHours { get; init; }

    /// <summary>The revenue of the best constant rate in hindsight, each fleet's its own.</summary>
    public double OracleFixedCeilingHours { get; init; }

    /// <summary>Ticks with protected demand + leased firm GPUs above the capacity.</summary>
    public long OverrunTicks { get; init; }

    public long ScoredBlocks { get; init; }

    /// <summary>Scored blocks whose free GPUs fell by more than the firm margin.</summary>
    public long ViolatedBlocks { get; init; }

    /// <summary>The largest share of violated blocks of one fleet.</summary>
    public double? WorstBlockViolations { get; init; }

    /// <summary>
    /// Changes of ln(posted rate), one a tick after the first: how many, their sum and the sum of their squares.
    /// </summary>
    public long RateChanges { get; init; }

    public double RateChangeSum { get; init; }

    public double RateChangeSquares { get; init; }

    /// <summary>Of what the best constant rate would have earned in hindsight.</summary>
    public double? OracleShare => Share(RevenueCeilingHours, OracleFixedCeilingHours);

    public double? InternalUtilization => Share(AloneGpuHours, CapacityGpuHours);

    public double? EffectiveUtilization => Share(BusyGpuHours, CapacityGpuHours);

    /// <summary>Share of fleet-ticks.</summary>
    public double? FirmOverrun => Share(OverrunTicks, Ticks);

    /// <summary>Share of internal demand.</summary>
    public double? InternalWait => Share(WaitGpuHours, DemandGpuHours);

    /// <summary>Share of internal demand.</summary>
    public double? Displaced => Share(DisplacedGpuHours, DemandGpuHours);

    public double? ReclaimsPer100 => Share(100.0 * Reclaimed, Admitted);

    public double? BlockViolations => Share(ViolatedBlocks, ScoredBlocks);

    /// <summary>Standard deviation of the change of ln(posted rate) per tick.</summary>
    public double? Volatility
    {
        get
        {
            var mean = Share(RateChangeSum, RateChanges);
            return mean is null
                ? null
                : Math.Sqrt(Math.Max(0, (RateChangeSquares / RateChanges) - (mean * mean).Value));
        }
    }

    /// <summary>Both together.</summary>
    public static BacktestFigures operator +(BacktestFigures left, BacktestFigures right) =>
        new()
        {
            Ticks = left.Ticks + right.Ticks,
            MeanGpus = left.MeanGpus + right.MeanGpus,
            CapacityGpuHours = left.CapacityGpuHours + right.CapacityGpuHours,
            DemandGpuHours = left.DemandGpuHours + right.DemandGpuHours,
            AloneGpuHours = left.AloneGpuHours + right.AloneGpuHours,
            BusyGpuHours = left.BusyGpuHours + right.BusyGpuHours,
            WaitGpuHours = left.WaitGpuHours + right.WaitGpuHours,
            DisplacedGpuHours = left.DisplacedGpuHours + right.DisplacedGpuHours,
            Requests = left.Requests + right.Requests,
            Admitted = left.Admitted + right.Admitted,
            Reclaimed = left.Reclaimed + right.Reclaimed,
            SoldGpuHours = left.SoldGpuHours + right.SoldGpuHours,
            RevenueCeilingHours = left.RevenueCeilingHours + right.RevenueCeilingHours,
            OracleFixedCeilingHours = left.OracleFixedCeilingHours + right.OracleFixedCeilingHours,
            OverrunTicks = left.OverrunTicks + right.OverrunTicks,
            ScoredBlocks = left.ScoredBlocks + right.ScoredBlocks,
            ViolatedBlocks = left.ViolatedBlocks + right.ViolatedBlocks,
            WorstBlockViolations = Larger(left.WorstBlockViolations, right.WorstBlockViolations),
            RateChanges = left.RateChanges + right.RateChanges,
            RateChangeSum = left.RateChangeSum + right.RateChangeSum,
            RateChangeSquares = left.RateChangeSquares + right.RateChangeSquares,
        };

    private static double? Share(double part, double whole) => whole > 0 ? part / whole : null;

    private static double? Larger(double? left, double? right) => left is null || right > left ? right : left;
}
