using DynamicSurplus.Measures;
using DynamicSurplus.Risk;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Risk;

public sealed class ReferenceRiskModelTests
{
    private const long Origin = OneFleet.Origin;
    private static readonly RiskPolicy Policy = new(0.01, 0.5, 0.99875);

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(14)]
    public void First_score_comes_four_blocks_after_the_first_block_closed(int phase)
    {
        var fleet = new OneFleet(Policy, phase);
        var firstClose = Origin + 14 - phase;
        for (var index = Origin; index < firstClose + 60; index++)
        {
            fleet.Advance(index, free: 50);
        }
        fleet.Columns.Blocks[0].ShouldBe(0);

        fleet.Advance(firstClose + 60, free: 50);

        fleet.Columns.Blocks[0].ShouldBe(1);
        fleet.Columns.HistogramOf(0)[0].ShouldBe(1);
    }

    [Fact]
    public void Score_is_the_largest_fall_from_any_tick_of_the_block_within_the_horizon()
    {
        var fleet = new OneFleet(Policy);
        for (var index = Origin; index < Origin + 75; index++)
        {
            // 60 at tick 10, at most 30 after it, and less only once the first block is scored.
            fleet.Advance(index, free: index == Origin + 10 ? 60 : 30);
        }
        fleet.Advance(Origin + 75, free: 0);

        fleet.Columns.Blocks[0].ShouldBe(1);
        fleet.Columns.HistogramOf(0)[RiskHistogram.Bin(0.30)].ShouldBe(1);
    }

    [Fact]
    public void Fifteenth_of_the_fleets_closes_a_block_at_each_tick()
    {
        var columns = new RiskColumns();
        foreach (var phase in Enumerable.Range(0, 15))
        {
            columns.Add(OneFleet.WithPhase(phase), Policy);
        }
        var model = new ReferenceRiskModel();
        var free = Enumerable.Repeat(10.0, 15).ToArray();
        var trusted = Enumerable.Repeat(true, 15).ToArray();
        var before = 0;
        for (var index = Origin; index < Origin + 120; index++)
        {
            model.Advance(columns, new Tick(index * 60), TickLength.Default, free, free, trusted);
            var scored = columns.Blocks.ToArray().Sum();
            (scored - before).ShouldBe(index < Origin + 60 ? 0 : 1);
            before = scored;
        }
    }

    [Fact]
    public void Repeated_or_earlier_tick_changes_nothing()
    {
        var fleet = new OneFleet(Policy);
        for (var index = Origin; index < Origin + 100; index++)
        {
            fleet.Advance(index, free: 40 + (index % 7));
        }
        var before = State(fleet.Columns);

        fleet.Advance(Origin + 99, free: 1);
        fleet.Advance(Origin + 30, free: 2);

        State(fleet.Columns).ShouldBe(before);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(0, true)]
    public void Untrusted_or_empty_fleet_drops_its_blocks_and_waits_for_the_next_boundary(int capacity, bool trusted)
    {
        var fleet = new OneFleet(Policy);
        for (var index = Origin; index < Origin + 70; index++)
        {
            fleet.Advance(index, free: 50);
        }

        fleet.Advance(Origin + 70, free: 50, capacity, trusted);
        for (var index = Origin + 71; index < Origin + 75 + 74; index++)
        {
            fleet.Advance(index, free: 50);
            fleet.Columns.Waiting[0].ShouldBe((byte)(index < Origin + 75 ? 1 : 0));
        }
        fleet.Columns.Blocks[0].ShouldBe(0);
        fleet.Advance(Origin + 75 + 74, free: 50);

        fleet.Columns.Blocks[0].ShouldBe(1);
    }

    [Fact]
    public void Block_open_across_a_gap_sees_the_fall_at_its_end_and_closes_there_once()
    {
        var fleet = new OneFleet(Policy);
        fleet.Advance(Origin, free: 90);

        fleet.Advance(Origin + 40, free: 20);

        fleet.Columns.BlockCapacity[..5].ToArray().ShouldBe([0, 100, 0, 0, 0]);
        fleet.Columns.BlockDrop[1].ShouldBe(70);
    }

    [Fact]
    public void Block_after_a_gap_closes_at_the_first_boundary_at_least_a_block_later()
    {
        var fleet = new OneFleet(Policy);
        fleet.Advance(Origin, free: 90);
        fleet.Advance(Origin + 40, free: 90);

        for (var index = Origin + 41; index < Origin + 59; index++)
        {
            fleet.Advance(index, free: 90);
            fleet.Columns.BlockCapacity[0].ShouldBe(100);
        }
        fleet.Advance(Origin + 59, free: 90);

        fleet.Columns.BlockCapacity[..5].ToArray().ShouldBe([0, 100, 100, 0, 0]);
    }

    [Fact]
    public void Boundary_missed_before_a_block_opened_closes_nothing()
    {
        var fleet = new OneFleet(Policy);
        for (var index = Origin; index < Origin + 15; index++)
        {
            fleet.Advance(index, free: 50);
        }

        fleet.Advance(Origin + 32, free: 50);

        fleet.Columns.BlockCapacity[..5].ToArray().ShouldBe([100, 100, 0, 0, 0]);
    }

    [Fact]
    public void Gap_inside_a_block_changes_nothing_of_when_it_closes()
    {
        var fleet = new OneFleet(Policy);
        fleet.Advance(Origin, free: 90);
        fleet.Advance(Origin + 13, free: 90);
        fleet.Columns.BlockCapacity[0].ShouldBe(100);

        fleet.Advance(Origin + 14, free: 90);

        fleet.Columns.BlockCapacity[0].ShouldBe(0);
    }

    [Fact]
    public void Ticks_that_always_miss_the_boundary_still_close_blocks()
    {
        var fleet = new OneFleet(Policy);
        for (var index = Origin + 7; index < Origin + 1500; index += 15)
        {
            fleet.Advance(index, free: 50);
        }

        fleet.Columns.Blocks[0].ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public void Gap_past_the_horizon_drops_the_blocks_before_it(int apart, bool isDropped)
    {
        var fleet = new OneFleet(Policy);
        for (var index = Origin; index < Origin + 32; index++)
        {
            fleet.Advance(index, free: 90);
        }

        fleet.Advance(Origin + 31 + apart, free: 10);

        fleet.Columns.BlockDrop[..5].ToArray().ShouldBe(isDropped ? [0, 0, 0, 0, 0] : [0, 80, 80, 80, 0]);
        fleet.Columns.BlockHigh[0].ShouldBe(isDropped ? 10 : double.NegativeInfinity);
    }

    [Fact]
    public void Changed_tick_length_starts_the_blocks_anew_and_keeps_the_histogram()
    {
        var fleet = new OneFleet(Policy);
        for (var index = Origin; index < Origin + 100; index++)
        {
            fleet.Advance(index, free: 90);
        }
        var blocks = fleet.Columns.Blocks[0];
        var weight = fleet.Columns.Weight[0];

        var model = new ReferenceRiskModel();
        var length = TickLength.FromSeconds(3600);
        var tick = Tick.At(new Tick((Origin + 200) * 60).Start, length);
        model.Advance(fleet.Columns, tick, length, [10], [100], [true]);

        fleet.Columns.LastTick.ShouldBe(tick);
        fleet.Columns.BlockCapacity[..5].ToArray().ShouldBe([0, 0, 0, 0, 0]);
        fleet.Columns.Blocks[0].ShouldBe(blocks);
        fleet.Columns.Weight[0].ShouldBe(weight);
        for (var i = 1; i <= 90; i++)
        {
            model.Advance(fleet.Columns, tick.Plus(i, length), length, [10], [100], [true]);
        }
        fleet.Columns.Blocks[0].ShouldBeGreaterThan(blocks);
    }

    [Fact]
    public void Policy_edit_waits_for_the_next_scored_block()
    {
        var fleet = new OneFleet(Policy);
        for (var index = Origin; index < Origin + 60 + (15 * 20); index++)
        {
            fleet.Advance(index, free: 90);
        }
        var margin = fleet.MarginFirm;

        fleet.Columns.SetPolicy(0, new(0.001, 0.001, 0.9));

        fleet.MarginFirm.ShouldBe(margin);
        for (var index = Origin + 360; index < Origin + 375; index++)
        {
            fleet.Advance(index, free: 90);
        }
        fleet.Columns.AlphaSpot[0].ShouldBe(0.004, 1e-12);
        fleet.MarginFirm.ShouldBe(1);
    }

    [Fact]
    public void Advance_refuses_spans_of_another_length()
    {
        var fleet = new OneFleet(Policy);

        Should.Throw<ArgumentException>(() =>
            new ReferenceRiskModel().Advance(fleet.Columns, new Tick(60), TickLength.Default, [1, 2], [1], [true])
        );
    }

    [Fact]
    public void Advance_allocates_nothing()
    {
        var model = new ReferenceRiskModel();
        var columns = new RiskColumns();
        foreach (var i in Enumerable.Range(0, 300))
        {
            columns.Add(FleetId.Parse($"fleet-{i}"), Policy);
        }
        var free = new double[300];
        var capacity = Enumerable.Repeat(100.0, 300).ToArray();
        var trusted = Enumerable.Repeat(true, 300).ToArray();
        Run(0, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(100, 300);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        columns.Blocks[299].ShouldBeGreaterThan(10);

        void Run(int from, int to)
        {
            for (var index = from; index < to; index++)
            {
                Array.Fill(free, index * 37 % 100);
                Array.Fill(trusted, true);
                trusted[index % 300] = false;
                model.Advance(columns, new Tick((Origin + index) * 60), TickLength.Default, free, capacity, trusted);
            }
        }
    }

    private static byte[] State(RiskColumns columns) =>
        [.. Enumerable.Range(0, RiskColumns.RawColumns).SelectMany(k => columns.Raw(k).ToArray())];
}
