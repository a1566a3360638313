using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>Adds up what the ticks of one fleet were like.</summary>
/// <param name="wall">The enforced wall; 1 where none is.</param>
public sealed class FleetTally(double wall, TickLength length)
{
    private long _ticks;
    private double _capacity;
    private double _demand;
    private double _alone;
    private double _busy;
    private double _wait;
    private double _displaced;
    private long _overrunTicks;
    private long _requests;
    private Rate _lastRate;
    private double _changeSum;
    private double _changeSquares;

    /// <summary>One tick as its requests leave it: so it stays until the next.</summary>
    /// <param name="demand">Internal GPUs running and queued.</param>
    /// <param name="rate">As posted, above 0.</param>
    public void Observe(double capacity, double demand, CapacityBook book, Rate rate, int requests)
    {
        var needed = SurplusSlice.Protected(demand, capacity, wall);
        var served = Math.Min(needed, Math.Max(0, capacity - book.Leased));
        var change = _ticks == 0 ? 0 : Math.Log((double)rate.Steps / _lastRate.Steps);
        _ticks++;
        _capacity += capacity;
        _demand += demand;
        _alone += Math.Min(demand, capacity);
        _busy += Math.Min(capacity, served + book.Leased);
        _wait += needed - served;
        _displaced += wall < 1 ? Math.Max(0, demand - (wall * capacity)) : 0;
        _overrunTicks += needed + book.ActiveFirm > capacity ? 1 : 0;
        _requests += requests;
        _lastRate = rate;
        _changeSum += change;
        _changeSquares += change * change;
    }

    /// <summary>The sums, with those that others kept.</summary>
    /// <param name="leases">All settled.</param>
    /// <param name="risk">Of this fleet alone.</param>
    public BacktestFigures Figures(VirtualLeases leases, FixedRateOracle oracle, RiskColumns risk, Rate ceiling)
    {
        var hours = length.Span.TotalHours;
        var (blocks, violated) = (risk.Blocks[0], risk.FirmViolations[0]);
        return new()
        {
            Ticks = _ticks,
            MeanGpus = _capacity / Math.Max(1, _ticks),
            CapacityGpuHours = _capacity * hours,
            DemandGpuHours = _demand * hours,
            AloneGpuHours = _alone * hours,
            BusyGpuHours = _busy * hours,
            WaitGpuHours = _wait * hours,
            DisplacedGpuHours = _displaced * hours,
            Requests = _requests,
            Admitted = leases.Admitted,
            Reclaimed = leases.Reclaimed,
            SoldGpuHours = leases.BilledGpuSeconds / 3600.0,
            RevenueCeilingHours = (double)(leases.Revenue.Usd / ceiling.UsdPerGpuHour),
            OracleFixedCeilingHours = oracle.BestCeilingHours,
            OverrunTicks = _overrunTicks,
            ScoredBlocks = blocks,
            ViolatedBlocks = violated,
            WorstBlockViolations = blocks > 0 ? (double)violated / blocks : null,
            RateChanges = Math.Max(0, _ticks - 1),
            RateChangeSum = _changeSum,
            RateChangeSquares = _changeSquares,
        };
    }
}
