using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using DynamicSurplus.Risk;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Risk;

public sealed class RiskColumnsTests
{
    private static readonly RiskPolicy Policy = new(0.01, 0.5, 0.99875);

    [Fact]
    public void Fleet_starts_at_margin_one_with_its_levels_at_its_risks()
    {
        var columns = new RiskColumns();
        var id = FleetId.Parse("eu-h100");

        var fleet = columns.Add(id, RiskPolicy.Of(FleetPolicy.Under(Rate.FromUsd(3m))));

        fleet.ShouldBe(0);
        columns.MarginFirm[0].ShouldBe(1);
        columns.MarginSpot[0].ShouldBe(1);
        columns.AlphaFirm[0].ShouldBe(0.01);
        columns.AlphaSpot[0].ShouldBe(0.5);
        columns.Decay[0].ShouldBe(0.99875);
        columns.Phase[0].ShouldBe((byte)(id.Hash % 15));
    }

    [Fact]
    public void Shard_holds_65536_fleets_and_refuses_another()
    {
        var columns = new RiskColumns();
        var id = FleetId.Parse("one");
        columns.Resize(RiskColumns.MaxFleets - 1);
        columns.Add(id, Policy).ShouldBe(65_535);

        Should
            .Throw<InvalidOperationException>(() => columns.Add(id, Policy))
            .Message.ShouldContain("at most 65536 fleets");
        columns.Count.ShouldBe(RiskColumns.MaxFleets);
        columns.MarginFirm[^1].ShouldBe(1);
    }

    [Fact]
    public void State_is_414_bytes_a_fleet()
    {
        var columns = new RiskColumns();
        columns.Resize(7);

        Enumerable.Range(0, RiskColumns.RawColumns).Sum(k => columns.Raw(k).Length).ShouldBe(7 * 414);
    }

    [Fact]
    public void Removed_fleet_leaves_its_number_to_the_last_one()
    {
        var columns = new RiskColumns();
        columns.Add(FleetId.Parse("a"), Policy);
        columns.Add(FleetId.Parse("b"), Policy);
        columns.Add(FleetId.Parse("c"), Policy with { Decay = 0.95 });
        columns.Histogram[^1] = 3;

        columns.RemoveAt(0);

        columns.Count.ShouldBe(2);
        columns.Decay.ToArray().ShouldBe([0.95, 0.99875]);
        columns.HistogramOf(0)[15].ShouldBe(3);
        columns.Phase[0].ShouldBe((byte)(FleetId.Parse("c").Hash % 15));
        columns.Add(FleetId.Parse("d"), Policy);
        columns.HistogramOf(2).ToArray().ShouldAllBe(weight => weight == 0);
    }

    [Fact]
    public void Raw_columns_carry_the_whole_state()
    {
        var model = new ReferenceRiskModel();
        var columns = new RiskColumns();
        foreach (var i in Enumerable.Range(0, 20))
        {
            columns.Add(FleetId.Parse($"fleet-{i}"), Policy);
        }
        for (var index = 1; index <= 200; index++)
        {
            Step(model, columns, index);
        }

        var copy = new RiskColumns();
        copy.Resize(columns.Count);
        copy.LastTick = columns.LastTick;
        copy.LastTickSeconds = columns.LastTickSeconds;
        for (var k = 0; k < RiskColumns.RawColumns; k++)
        {
            columns.Raw(k).CopyTo(copy.Raw(k));
        }
        for (var index = 201; index <= 400; index++)
        {
            Step(model, columns, index);
            Step(model, copy, index);
        }

        for (var k = 0; k < RiskColumns.RawColumns; k++)
        {
            copy.Raw(k).SequenceEqual(columns.Raw(k)).ShouldBeTrue();
        }
        columns.Blocks.ToArray().ShouldAllBe(blocks => blocks > 5);
    }

    [Fact]
    public void Seed_opens_a_new_fleet_by_the_experience_of_others()
    {
        var fleet = new OneFleet(Policy);
        double[] pool = new double[RiskHistogram.Bins];
        pool[0] = 9_000;
        pool[8] = 40;

        fleet.Columns.Seed(0, pool);

        fleet.Columns.Weight[0].ShouldBe(RiskColumns.SeedBlocks, 1e-9);
        fleet.Columns.HistogramOf(0)[8].ShouldBe(RiskColumns.SeedBlocks * 40 / 9_040, 1e-9);
        fleet.MarginFirm.ShouldBe(0);
        fleet.MarginSpot.ShouldBe(0);
    }

    [Fact]
    public void Seed_counts_for_no_more_than_the_pool_holds()
    {
        var fleet = new OneFleet(Policy);
        double[] pool = new double[RiskHistogram.Bins];
        pool[3] = 4;

        fleet.Columns.Seed(0, pool);

        fleet.Columns.Weight[0].ShouldBe(4);
        fleet.MarginFirm.ShouldBe(1);
    }

    [Fact]
    public void Empty_seed_changes_nothing()
    {
        var fleet = new OneFleet(Policy);

        fleet.Columns.Seed(0, new double[RiskHistogram.Bins]);

        fleet.MarginSpot.ShouldBe(1);
    }

    [Fact]
    public void Seed_is_refused_once_the_fleet_has_seen_a_tick()
    {
        var fleet = new OneFleet(Policy);
        fleet.Advance(OneFleet.Origin, free: 50);

        Should.Throw<InvalidOperationException>(() => fleet.Columns.Seed(0, new double[RiskHistogram.Bins]));
    }

    private static void Step(ReferenceRiskModel model, RiskColumns columns, int index)
    {
        var free = new double[columns.Count];
        for (var i = 0; i < free.Length; i++)
        {
            free[i] = 50 + (30 * Math.Sin(index * (i + 1) / 17.0));
        }
        var capacity = Enumerable.Repeat(100.0, free.Length).ToArray();
        var trusted = Enumerable.Range(0, free.Length).Select(i => (index + (7 * i)) % 150 != 0).ToArray();
        model.Advance(columns, new Tick(index * 60L), TickLength.Default, free, capacity, trusted);
    }
}
