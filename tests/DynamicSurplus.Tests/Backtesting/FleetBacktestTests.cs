using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Local.Recordings;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Risk;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Backtesting;

public class FleetBacktestTests
{
    private const int Day = 1440;

    [Fact]
    public void Every_lease_is_settled_the_book_adds_up_and_no_GPU_is_sold_twice()
    {
        var backtest = new FleetBacktest(Given.Trace(6 * Day), Given.Options with { Market = MarketLoad.Strong });
        var (accrued, firmSold) = (0.0, 0);

        var figures = backtest.Run(Check, TestContext.Current.CancellationToken);

        figures.Ticks.ShouldBe(6 * Day);
        figures.Admitted.ShouldBeGreaterThan(300);
        figures.Reclaimed.ShouldBeGreaterThan(5);
        firmSold.ShouldBeGreaterThan(0);
        backtest.Leases.Settled.ShouldBe(figures.Admitted);
        backtest.Leases.Book.Taken.ShouldBe(0);
        backtest.Leases.Reservations.ShouldBeEmpty();
        figures.RevenueCeilingHours.ShouldBe((double)backtest.Leases.Revenue.Usd);
        figures.RevenueCeilingHours.ShouldBe(accrued, 0.5e-6 * figures.Admitted);

        void Check()
        {
            var (book, entry) = (backtest.Leases.Book, backtest.Entry);
            CapacityLedger.Recount(book, backtest.Leases.Reservations).ShouldBe(book);
            book.Taken.ShouldBeLessThanOrEqualTo(64);
            entry.Spot.Steps.ShouldBeInRange(1500, 10_000);
            firmSold += book.ActiveFirm;
            accrued += backtest.Leases.Reservations.Sum(r => r.Gpus * (double)r.Rate.UsdPerGpuHour / 60);
        }
    }

    [Fact]
    public void Fleet_sells_all_that_is_free_and_no_more_and_its_rate_rises_with_what_is_asked_for()
    {
        // Idle and certain: all but the margin's first blocks is on sale, and 6 times as much is wanted.
        var options = Given.Options with
        {
            Market = MarketLoad.Strong,
        };
        var trace = new FleetTrace(
            Given.Fleet,
            Enumerable.Range(0, 2 * Day).Select(i => Given.Sample(i, 32, 8)),
            Given.Length
        );
        var backtest = new FleetBacktest(trace, options);
        var most = 0;

        backtest.Run(() => most = Math.Max(most, backtest.Leases.Book.Taken), TestContext.Current.CancellationToken);

        most.ShouldBe(24);
        backtest.Entry.Spot.ShouldBeGreaterThan(Rate.FromUsd(0.6m));
    }

    [Fact]
    public void Nothing_is_leased_while_telemetry_is_stale()
    {
        var samples = Enumerable.Range(0, 2 * Day).Where(i => i is < 1500 or > 1700);
        var trace = new FleetTrace(Given.Fleet, samples.Select(i => Given.Sample(i, 32, 8)), Given.Length);
        var backtest = new FleetBacktest(trace, Given.Options);
        var admitted = new List<long>();

        backtest.Run(() => admitted.Add(backtest.Leases.Admitted), TestContext.Current.CancellationToken);

        // The last sample is of minute 1499: it is 10 ticks old at 1509.
        admitted[1509].ShouldBeGreaterThan(admitted[1490]);
        admitted[1700].ShouldBe(admitted[1509]);
        admitted[^1].ShouldBeGreaterThan(admitted[1700]);
    }

    [Fact]
    public void Revenue_is_in_units_of_the_ceiling()
    {
        var dear = DynamicSurplus.Fleets.FleetPolicy.Under(Rate.FromUsd(3.25m));

        var unit = Run(Given.Options);
        var usd = Run(Given.Options with { Policy = dear });

        usd.RevenueCeilingHours.ShouldBe(unit.RevenueCeilingHours, 0.02 * unit.RevenueCeilingHours);
        usd.OracleFixedCeilingHours.ShouldBe(unit.OracleFixedCeilingHours, 0.01 * unit.OracleFixedCeilingHours);
    }

    [Fact]
    public void Enforced_wall_displaces_demand_and_leaves_more_to_sell()
    {
        var walled = Given.Policy with { WallEnforced = true, Wall = 0.6 };

        var without = Run(Given.Options);
        var with = Run(Given.Options with { Policy = walled });

        without.Displaced.ShouldBe(0);
        with.Displaced!.Value.ShouldBeGreaterThan(0.05);
        with.SoldGpuHours.ShouldBeGreaterThan(1.2 * without.SoldGpuHours);
        with.InternalUtilization.ShouldBe(without.InternalUtilization);
        with.FirmOverrun.ShouldBe(0);
    }

    [Fact]
    public void Rate_alone_earns_about_as_much_as_the_best_constant_rate_on_a_recorded_fleet()
    {
        if (Given.Helios() is not { } helios)
        {
            Assert.Skip("The recorded traces are not beside the repository (../shared/data/helios).");
            return;
        }
        var recording = Recording.Open(Path.Combine(helios, "vcMod.csv.gz"));
        var samples = recording.Read((_, _) => { }).Select(row => row.Sample);
        var trace = new FleetTrace(recording.Name, samples, Given.Length);

        var backtest = new FleetBacktest(trace, Given.Options, new NoMargins());
        var figures = backtest.Run(() => { }, TestContext.Current.CancellationToken);

        figures.OracleShare!.Value.ShouldBe(1, 0.1);
    }

    private static BacktestFigures Run(BacktestOptions options) =>
        new FleetBacktest(Given.Trace(4 * Day), options).Run(() => { }, TestContext.Current.CancellationToken);

    /// <summary>Sells all that is free.</summary>
    private sealed class NoMargins : IRiskModel
    {
        public void Advance(
            RiskColumns columns,
            Tick tick,
            TickLength length,
            ReadOnlySpan<double> free,
            ReadOnlySpan<double> capacity,
            ReadOnlySpan<bool> trusted
        )
        {
            columns.MarginFirm.Clear();
            columns.MarginSpot.Clear();
        }
    }
}
