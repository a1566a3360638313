using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Measures;
using DynamicSurplus.Risk;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Backtesting;

public class FleetTallyTests
{
    private static readonly CapacityBook Book = new(Given.Fleet, ActiveFirm: 10, ActiveSpot: 20, InNotice: 5);

    [Fact]
    public void Shares_are_as_defined_without_a_wall()
    {
        var figures = Observe(wall: 1, (100, 40), (100, 80), (100, 95), (100, 120));

        figures.CapacityGpuHours.ShouldBe(400 / 60.0, 1e-9);
        figures.MeanGpus.ShouldBe(100, 1e-9);
        figures.InternalUtilization!.Value.ShouldBe((40 + 80 + 95 + 100) / 400.0, 1e-9);
        figures.EffectiveUtilization!.Value.ShouldBe((75 + 100 + 100 + 100) / 400.0, 1e-9);
        figures.InternalWait!.Value.ShouldBe((15 + 30 + 35) / 335.0, 1e-9);
        figures.FirmOverrun!.Value.ShouldBe(0.5, 1e-9);
        figures.Displaced.ShouldBe(0);
    }

    [Fact]
    public void Demand_past_an_enforced_wall_is_displaced_and_waits_for_nobody()
    {
        var figures = Observe(wall: 0.8, (100, 40), (100, 100), (100, 120));

        figures.InternalUtilization!.Value.ShouldBe((40 + 100 + 100) / 300.0, 1e-9);
        figures.EffectiveUtilization!.Value.ShouldBe((75 + 100 + 100) / 300.0, 1e-9);
        figures.Displaced!.Value.ShouldBe((20 + 40) / 260.0, 1e-9);
        figures.InternalWait!.Value.ShouldBe((15 + 15) / 260.0, 1e-9);
        figures.FirmOverrun.ShouldBe(0);
    }

    [Fact]
    public void More_leased_than_there_is_counts_as_full()
    {
        var figures = Observe(wall: 1, (30, 12));

        figures.EffectiveUtilization.ShouldBe(1);
        figures.InternalWait.ShouldBe(1);
        figures.FirmOverrun.ShouldBe(0);
    }

    [Fact]
    public void Fleet_without_GPUs_or_demand_has_no_shares_to_tell()
    {
        var figures = Observe(wall: 1, (0, 0));

        figures.EffectiveUtilization.ShouldBeNull();
        figures.InternalWait.ShouldBeNull();
        figures.OracleShare.ShouldBeNull();
        figures.ReclaimsPer100.ShouldBeNull();
        figures.BlockViolations.ShouldBeNull();
        figures.Volatility.ShouldBeNull();
    }

    [Fact]
    public void Volatility_is_the_deviation_of_the_changes_of_the_logarithm()
    {
        var tally = new FleetTally(wall: 1, Given.Length);
        foreach (var steps in new[] { 1000, 1000, 2000, 1000 })
        {
            tally.Observe(1, 0, new(Given.Fleet), Rate.FromSteps(steps), requests: 2);
        }

        var figures = Figures(tally);

        figures.Requests.ShouldBe(8);
        figures.RateChanges.ShouldBe(3);
        figures.Volatility!.Value.ShouldBe(Math.Sqrt(2.0 / 3) * Math.Log(2), 1e-9);
    }

    [Fact]
    public void Fleets_are_pooled_by_their_sums_and_the_worst_is_kept()
    {
        var (one, other) = (Observe(wall: 1, (100, 40)), Observe(wall: 1, (100, 100), (100, 100), (100, 100)));

        var both = (one with { WorstBlockViolations = 0.25 }) + (other with { WorstBlockViolations = 0.5 });

        both.Ticks.ShouldBe(4);
        both.MeanGpus.ShouldBe(200, 1e-9);
        both.FirmOverrun!.Value.ShouldBe(0.75, 1e-9);
        both.InternalUtilization!.Value.ShouldBe(340 / 400.0, 1e-9);
        both.WorstBlockViolations.ShouldBe(0.5);
        (both + one).WorstBlockViolations.ShouldBe(0.5);
        (one + both).WorstBlockViolations.ShouldBe(0.5);
    }

    private static BacktestFigures Observe(double wall, params (double Capacity, double Demand)[] ticks)
    {
        var tally = new FleetTally(wall, Given.Length);
        foreach (var (capacity, demand) in ticks)
        {
            tally.Observe(capacity, demand, Book, Rate.FromUsd(1), requests: 0);
        }
        return Figures(tally);
    }

    private static BacktestFigures Figures(FleetTally tally)
    {
        var risk = new RiskColumns();
        risk.Add(Given.Fleet, RiskPolicy.Of(Given.Policy));
        var leases = new VirtualLeases(Given.Fleet, Given.Length, default, default);
        return tally.Figures(leases, new FixedRateOracle(Given.Policy), risk, Given.Policy.Ceiling);
    }
}
