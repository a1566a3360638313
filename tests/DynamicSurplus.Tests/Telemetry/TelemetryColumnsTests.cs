using System.Runtime.InteropServices;
using CsCheck;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Telemetry;

public sealed class TelemetryColumnsTests
{
    private static readonly Sample First = new(
        FleetId.Parse("a"),
        SampleGen.Noon,
        Healthy: 100,
        Running: 60,
        Queued: 10,
        Watts: 700
    );

    [Fact]
    public void Columns_end_in_the_same_bits_whatever_the_order_and_the_batches() =>
        Gen.Select(SampleGen.Colliding.Array[0, 40], Gen.Int)
            .Sample(
                (samples, seed) =>
                {
                    var shuffled = samples.ToArray();
                    var random = new Random(seed);
                    random.Shuffle(shuffled);
                    var inBatches = New();
                    foreach (var part in shuffled.Chunk(random.Next(1, 9)))
                    {
                        Fold(inBatches, part);
                    }

                    Bits(inBatches).AsSpan().SequenceEqual(Bits(OneByOne(samples))).ShouldBeTrue();
                },
                iter: 5_000
            );

    [Fact]
    public void A_repeat_changes_nothing() =>
        SampleGen
            .Colliding.Array[0, 40]
            .Sample(samples =>
            {
                var columns = OneByOne(samples);
                var before = Bits(columns);

                Fold(columns, samples).ShouldBe(0);

                Bits(columns).ShouldBe(before);
            });

    [Fact]
    public void A_later_sample_wins_whatever_it_says()
    {
        var columns = OneByOne([First]);

        var later = First with { At = First.At.AddMilliseconds(1), Running = 1, Queued = 0, Watts = null };
        columns.Fold(0, later).ShouldBeTrue();
        columns.Fold(0, First with { Running = 99 }).ShouldBeFalse();

        columns.AtMilliseconds[0].ShouldBe(later.At.ToUnixTimeMilliseconds());
        columns.Running[0].ShouldBe(1);
        columns.Watts[0].ShouldBe(TelemetryColumns.NoWatts);
    }

    [Theory]
    [InlineData(100, 60, 11, 700.0, true)] // more demand
    [InlineData(100, 61, 8, 700.0, false)] // less demand
    [InlineData(100, 61, 9, 700.0, true)] // the same demand, more of it running
    [InlineData(99, 60, 10, 700.0, true)] // fewer healthy
    [InlineData(101, 60, 10, 700.0, false)]
    [InlineData(100, 60, 10, 701.0, true)] // more watts
    [InlineData(100, 60, 10, null, false)]
    [InlineData(100, 60, 10, 700.0, false)] // the same
    public void Of_one_instant_the_sample_that_leaves_less_to_sell_wins(
        double healthy,
        double running,
        double queued,
        double? watts,
        bool wins
    )
    {
        var columns = OneByOne([First]);

        columns.Fold(0, new(First.Fleet, First.At, healthy, running, queued, watts)).ShouldBe(wins);

        columns.Healthy[0].ShouldBe(wins ? healthy : First.Healthy);
        columns.Running[0].ShouldBe(wins ? running : First.Running);
        columns.Queued[0].ShouldBe(wins ? queued : First.Queued);
    }

    [Fact]
    public void A_batch_passes_over_fleets_that_are_not_priced_here()
    {
        var batch = new SampleColumns();
        batch.Add(First);
        batch.Add(First with { Fleet = FleetId.Parse("b"), Running = 7 });
        var columns = new TelemetryColumns();
        columns.Resize(1);

        columns.Fold(batch, [-1, 0]).ShouldBe(1);

        columns.Running[0].ShouldBe(7);
    }

    [Fact]
    public void A_row_that_went_and_came_back_has_no_sample()
    {
        var columns = new TelemetryColumns();
        columns.Resize(3);
        columns.Fold(2, First);
        columns.Fold(1, First);

        columns.Resize(2);
        columns.Clear(1);
        columns.Resize(1_000);

        columns.Count.ShouldBe(1_000);
        columns.AtMilliseconds.ToArray().ShouldAllBe(at => at == TelemetryColumns.NoSample);
        columns.Healthy.ToArray().ShouldAllBe(healthy => healthy == 0);
    }

    [Fact]
    public void Folding_allocates_nothing()
    {
        var batch = new SampleColumns();
        for (var n = 0; n < 1_000; n++)
        {
            batch.Add(First with { At = First.At.AddMilliseconds(n / 2), Running = n % 7 });
        }
        var columns = new TelemetryColumns();
        columns.Resize(1);

        int[] fleetIndices = [0];
        var changed = 0;
        var allocated = AllocatedBytes.Of(() =>
        {
            columns.Clear(0);
            changed = columns.Fold(batch, fleetIndices);
        });

        changed.ShouldBeGreaterThan(499);
        allocated.ShouldBe(0);
    }

    private static TelemetryColumns New()
    {
        var columns = new TelemetryColumns();
        columns.Resize(5);
        return columns;
    }

    private static TelemetryColumns OneByOne(IEnumerable<Sample> samples)
    {
        var columns = New();
        foreach (var sample in samples)
        {
            columns.Fold(IndexOf(sample.Fleet), sample);
        }
        return columns;
    }

    private static int Fold(TelemetryColumns columns, IEnumerable<Sample> samples)
    {
        var batch = new SampleColumns();
        foreach (var sample in samples)
        {
            batch.Add(sample);
        }
        return columns.Fold(batch, [.. batch.Fleets.Select(IndexOf)]);
    }

    private static int IndexOf(FleetId fleet) => fleet.ToString() is "a" ? 0 : fleet.ToString()[^1] - '0';

    private static byte[] Bits(TelemetryColumns columns) =>
        [
            .. MemoryMarshal.AsBytes(columns.AtMilliseconds),
            .. MemoryMarshal.AsBytes(columns.Healthy),
            .. MemoryMarshal.AsBytes(columns.Running),
            .. MemoryMarshal.AsBytes(columns.Queued),
            .. MemoryMarshal.AsBytes(columns.Watts),
        ];
}
