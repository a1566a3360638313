using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Simulation;

public class SyntheticDemandTests
{
    private const int Day = 1440;
    private static readonly FleetId Fleet = FleetId.Parse("fleet-a");
    private static readonly DemandShape Shape = new(Healthy: 256);

    /// <summary>A midnight.</summary>
    private static readonly Tick Start = new(1_600_041_600);

    [Fact]
    public void Demand_of_a_seed_never_changes()
    {
        var demand = Path(Shape, seed: 42, ticks: 2 * Day);

        demand.Sum().ShouldBe(520_144);
        demand[^1].ShouldBe(105);
    }

    [Fact]
    public void Demand_does_not_depend_on_what_is_leased_or_how_often_it_is_asked_for()
    {
        var all = Path(Shape, seed: 1, ticks: Day);
        var demand = new SyntheticDemand(Fleet, 1, Shape, TickLength.Default);

        for (var i = 0; i < Day; i += 7)
        {
            var sample = demand.At(At(i), leased: i % 100, held: i % 10);
            (sample.Running + sample.Queued).ShouldBe(all[i]);
        }
        demand.At(At(Day - 5), 0, 0).ShouldBe(demand.At(At(Day - 5), 0, 0));
    }

    [Fact]
    public void Demand_is_its_share_of_the_fleet_and_higher_by_day()
    {
        var shape = Shape with { Healthy = 1024, DaySwing = 0.5, PeakHourUtc = 14 };

        var demand = Path(shape, seed: 2, ticks: 20 * Day);

        demand.Average().ShouldBe(0.62 * 1024, 0.05 * 1024);
        // Jobs of two hours on average lag about as much behind their arrivals.
        Mean(hour: 16).ShouldBeGreaterThan(1.4 * Mean(hour: 4));
        demand.Zip(demand.Skip(1), (a, b) => Math.Abs(a - b)).Max().ShouldBeGreaterThan(16);

        double Mean(int hour) => demand.Where((_, i) => i / 60 % 24 == hour).Average();
    }

    [Theory]
    [InlineData(false, 96)]
    [InlineData(true, 66)]
    public void Running_is_what_leases_and_behind_a_wall_holds_leave(bool wallEnforced, double most)
    {
        var shape = new DemandShape(Healthy: 100, WallEnforced: wallEnforced);
        var demand = new SyntheticDemand(Fleet, 3, shape, TickLength.Default);
        demand.Spike(150, until: At(1));

        var sample = demand.At(Start, leased: 4, held: 30);

        sample.ShouldBe(new Sample(Fleet, Start.Start, 100, most, 150 - most));
    }

    [Fact]
    public void Running_is_never_negative_when_more_is_leased_than_there_is()
    {
        var demand = new SyntheticDemand(Fleet, 3, Shape with { WallEnforced = true }, TickLength.Default);

        demand.At(Start, leased: 250, held: 10).Running.ShouldBe(0);
    }

    [Fact]
    public void Owner_can_raise_demand_for_a_while()
    {
        var calm = Path(Shape, seed: 4, ticks: 30);
        var demand = new SyntheticDemand(Fleet, 4, Shape, TickLength.Default);
        var spiked = new List<double>();

        for (var i = 0; i < 30; i++)
        {
            if (i == 10)
            {
                demand.Spike(256, until: At(20));
            }
            demand.At(At(i), 0, 0);
            spiked.Add(demand.Demand);
        }

        spiked[..10].ShouldBe(calm[..10]);
        spiked[10..20].ShouldAllBe(gpus => gpus == 256);
        spiked[20..].ShouldBe(calm[20..]);
    }

    [Fact]
    public void Past_ticks_are_refused()
    {
        var demand = new SyntheticDemand(Fleet, 4, Shape, TickLength.Default);
        demand.At(At(5), 0, 0);

        Should.Throw<ArgumentOutOfRangeException>(() => demand.At(At(4), 0, 0));
    }

    [Fact]
    public void Fleet_of_one_GPU_has_demand_too()
    {
        var demand = Path(new DemandShape(Healthy: 1), seed: 5, ticks: 10 * Day);

        demand.Average().ShouldBe(0.62, 0.3);
    }

    private static Tick At(int i) => Start.Plus(i, TickLength.Default);

    private static List<double> Path(DemandShape shape, long seed, int ticks)
    {
        var demand = new SyntheticDemand(Fleet, seed, shape, TickLength.Default);
        var path = new List<double>();
        for (var i = 0; i < ticks; i++)
        {
            var sample = demand.At(At(i), leased: 0, held: 0);
            path.Add(sample.Running + sample.Queued);
        }
        return path;
    }
}
