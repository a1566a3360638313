using System.Text.Json;
using CsCheck;
using DynamicSurplus.Risk;
using Shouldly;
using Xunit;
using Step = DynamicSurplus.Tests.Risk.WholePath.Step;

namespace DynamicSurplus.Tests.Risk;

/// <summary>
/// The columns against the reference model's own run, and against a slow recomputation from the whole path.
/// </summary>
public sealed class RiskPathTests
{
    private static readonly RiskPolicy Policy = new(0.05, 0.3, 0.99);

    private static readonly Gen<int> Gap = Gen.Frequency(
        (200, Gen.Const(1)),
        (10, Gen.Int[2, 20]),
        (3, Gen.Int[14, 62])
    );

    private static readonly Gen<double> Free = Gen.Frequency((8, Gen.Int[55, 70]), (1, Gen.Int[0, 100]))
        .Select(gpus => (double)gpus);

    private static readonly Gen<(int Phase, Step[] Path)> SteadyPaths = Paths(Gen.Const(100.0));

    private static readonly Gen<(int Phase, Step[] Path)> ChangingPaths = Paths(
        Gen.Frequency((50, Gen.Const(100.0)), (50, Gen.Double[20, 130]), (1, Gen.Const(0.0)))
    );

    [Fact]
    public void Columns_follow_the_reference_model_over_a_long_path()
    {
        using var golden = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "risk-path.json"))
        );
        foreach (var expected in golden.RootElement.GetProperty("fleets").EnumerateArray())
        {
            var fleet = new OneFleet(new(0.05, 0.3, 0.99875), expected.GetProperty("phase").GetInt32());
            var rows = expected.GetProperty("rows").EnumerateArray();
            foreach (var (step, count) in ReferencePath(12_000).Select((step, i) => (step, i + 1)))
            {
                fleet.Advance(step.Index, step.Free, step.Capacity, step.Trusted);
                if (count % 150 == 0)
                {
                    rows.MoveNext().ShouldBeTrue();
                    Row(fleet.Columns).ShouldBe(rows.Current.EnumerateArray().Select(value => value.GetDouble()));
                }
            }
            rows.MoveNext().ShouldBeFalse();
        }
    }

    [Fact]
    public void Columns_equal_a_recomputation_from_the_whole_path()
    {
        ChangingPaths.Sample(
            run =>
            {
                var (columns, margins) = Drive(run.Phase, run.Path);

                var blocks = WholePath.Score(run.Path, run.Phase);

                columns.Blocks[0].ShouldBe(blocks.Count);
                Near(columns.HistogramOf(0), WholePath.Histogram(blocks, blocks.Count, Policy.Decay));
                columns.FirmViolations[0].ShouldBe(blocks.Count(b => b.Score > margins[b.Steps[0]].Firm + 1e-9));
                columns.SpotViolations[0].ShouldBe(blocks.Count(b => b.Score > margins[b.Steps[0]].Spot + 1e-9));
                var (firm, spot) = MarginsAfter(blocks, margins);
                columns.MarginFirm[0].ShouldBe(firm);
                columns.MarginSpot[0].ShouldBe(spot);
            },
            iter: 300
        );
    }

    [Fact]
    public void One_margin_is_in_force_throughout_a_block_whatever_the_gaps()
    {
        SteadyPaths.Sample(
            run =>
            {
                var margins = Drive(run.Phase, run.Path).Margins;

                foreach (var block in WholePath.Score(run.Path, run.Phase))
                {
                    block.Steps.Select(at => margins[at]).Distinct().Count().ShouldBe(1);
                }
            },
            iter: 200
        );
    }

    [Fact]
    public void Each_block_with_a_slice_that_did_not_stay_free_for_60_ticks_is_counted_whatever_the_gaps()
    {
        SteadyPaths.Sample(
            run =>
            {
                var (columns, margins) = Drive(run.Phase, run.Path);

                var blocks = WholePath.Score(run.Path, run.Phase);
                var firm = blocks.Count(block => block.Steps.Any(at => IsShort(at, margins[at].Firm)));
                var spot = blocks.Count(block => block.Steps.Any(at => IsShort(at, margins[at].Spot)));

                firm.ShouldBeLessThanOrEqualTo(columns.FirmViolations[0]);
                spot.ShouldBeLessThanOrEqualTo(columns.SpotViolations[0]);
                ((double)columns.FirmViolations[0]).ShouldBeLessThanOrEqualTo(
                    (Policy.EpsilonFirm * columns.Blocks[0]) + 6
                );

                bool IsShort(int at, double margin)
                {
                    var slice = run.Path[at].Free - (margin * 100);
                    return run
                        .Path.Skip(at + 1)
                        .TakeWhile(later => later.Index <= run.Path[at].Index + 60)
                        .Any(later => later.Free < slice - 1e-6);
                }
            },
            iter: 200
        );
    }

    private static (RiskColumns Columns, (double Firm, double Spot)[] Margins) Drive(int phase, Step[] path)
    {
        var fleet = new OneFleet(Policy, phase);
        var margins = new (double Firm, double Spot)[path.Length];
        for (var at = 0; at < path.Length; at++)
        {
            margins[at] = (fleet.MarginFirm, fleet.MarginSpot);
            fleet.Advance(path[at].Index, path[at].Free, path[at].Capacity, path[at].Trusted);
        }
        return (fleet.Columns, margins);
    }

    private static (double Firm, double Spot) MarginsAfter(
        IReadOnlyList<WholePath.Block> blocks,
        (double Firm, double Spot)[] margins
    )
    {
        if (blocks.Count == 0)
        {
            return (1, 1);
        }
        var (alphaFirm, alphaSpot) = (Policy.EpsilonFirm, Policy.EpsilonSpot);
        foreach (var block in blocks)
        {
            var inForce = margins[block.Steps[0]];
            alphaFirm = Adapted(alphaFirm, Policy.EpsilonFirm, block.Score > inForce.Firm + 1e-9);
            alphaSpot = Adapted(alphaSpot, Policy.EpsilonSpot, block.Score > inForce.Spot + 1e-9);
        }
        var histogram = WholePath.Histogram(blocks, blocks.Count, Policy.Decay);
        var firm = RiskHistogram.Margin(histogram, histogram.Sum(), alphaFirm);
        return (firm, Math.Min(firm, RiskHistogram.Margin(histogram, histogram.Sum(), alphaSpot)));

        static double Adapted(double alpha, double epsilon, bool isViolation) =>
            Math.Min(4 * epsilon, isViolation ? alpha - (epsilon * (1 - epsilon)) : alpha + (epsilon * epsilon));
    }

    private static Gen<(int Phase, Step[] Path)> Paths(Gen<double> capacity) =>
        Gen.Select(
            Gen.Int[0, 14],
            Gen.Select(Gap, Free, capacity, Gen.Frequency((400, Gen.Const(true)), (1, Gen.Const(false)))).Array[
                100,
                700
            ],
            (phase, steps) =>
            {
                var index = OneFleet.Origin;
                return (
                    phase,
                    Array.ConvertAll(
                        steps,
                        step => new Step(index += step.Item1, Math.Min(step.Item2, step.Item3), step.Item3, step.Item4)
                    )
                );
            }
        );

    /// <summary>The path that <c>risk-path.json</c> was made over.</summary>
    private static IEnumerable<Step> ReferencePath(int ticks)
    {
        var (state, level) = (20261123L, 70L);
        for (var tick = 0; tick < ticks; tick++)
        {
            state = ((state * 1103515245) + 12345) % 2147483648;
            var draw = state >> 8;
            level = draw % 37 == 0 ? draw / 37 % 101 : level;
            var capacity = tick / 500 % 2 == 1 ? 120.0 : 128.0;
            var free = Math.Min(level + (draw % 5), capacity);
            yield return new(OneFleet.Origin + tick, free, capacity, tick % 997 >= 5);
        }
    }

    private static double[] Row(RiskColumns columns) =>
        [
            columns.MarginFirm[0],
            columns.MarginSpot[0],
            columns.AlphaFirm[0],
            columns.AlphaSpot[0],
            columns.Weight[0],
            columns.Blocks[0],
            columns.FirmViolations[0],
            columns.SpotViolations[0],
        ];

    private static void Near(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            actual[i].ShouldBe(expected[i], 1e-9);
        }
    }
}
