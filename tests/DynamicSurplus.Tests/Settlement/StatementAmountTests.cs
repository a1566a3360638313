using System.Numerics;
using CsCheck;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Settlement;

public sealed class StatementAmountTests
{
    private static readonly Gen<MeterSegment> Segment = Gen.Select(
        Gen.Int[0, 200_000],
        Gen.Int[0, 4_096],
        Gen.Long[0, 31_536_000],
        (steps, gpus, seconds) => new MeterSegment(Rate.FromSteps(steps), gpus, seconds)
    );

    [Fact]
    public void Amount_is_that_of_the_reference_models_example()
    {
        StatementAmount
            .Of([new(Rate.FromSteps(30_692), 8, 3_600), new(Rate.FromSteps(31_311), 8, 1)])
            .ShouldBe(new MicroUsd(24_560_558));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(17, 0)]
    [InlineData(18, 0)]
    [InlineData(19, 1)]
    [InlineData(54, 2)]
    [InlineData(90, 2)]
    [InlineData(91, 3)]
    [InlineData(126, 4)]
    public void Half_a_micro_dollar_rounds_to_even(long seconds, long microUsd)
    {
        StatementAmount.Of([new(Rate.FromSteps(1), 1, seconds)]).Value.ShouldBe(microUsd);
    }

    [Fact]
    public void Nothing_metered_costs_nothing()
    {
        StatementAmount.Of([]).ShouldBe(MicroUsd.Zero);
    }

    [Fact]
    public void Amount_is_the_exact_sum_rounded_once()
    {
        Segment
            .Array[0, 8]
            .Sample(segments =>
            {
                var units = segments.Aggregate(
                    BigInteger.Zero,
                    (sum, s) => sum + ((BigInteger)s.Rate.Steps * s.Gpus * s.Seconds)
                );

                var twice = 2 * ((36 * (BigInteger)StatementAmount.Of(segments).Value) - units);

                BigInteger.Abs(twice).ShouldBeLessThanOrEqualTo(36);
                if (BigInteger.Abs(twice) == 36)
                {
                    (StatementAmount.Of(segments).Value % 2).ShouldBe(0);
                }
            });
    }

    [Fact]
    public void Splitting_a_segment_never_changes_a_total()
    {
        Gen.Select(Segment.Array[1, 5], Gen.Int[0, 4], Gen.Double[0, 1], Gen.Double[0, 1])
            .Sample(
                (segments, at, inTime, inGpus) =>
                {
                    var whole = segments[at % segments.Length];
                    var before = (long)(whole.Seconds * inTime);
                    var some = (int)(whole.Gpus * inGpus);
                    MeterSegment[] split =
                    [
                        .. segments.Where((_, i) => i != at % segments.Length),
                        new(whole.Rate, whole.Gpus, before),
                        new(whole.Rate, some, whole.Seconds - before),
                        new(whole.Rate, whole.Gpus - some, whole.Seconds - before),
                    ];

                    StatementAmount.Of(split).ShouldBe(StatementAmount.Of(segments));
                }
            );
    }

    [Fact]
    public void Amount_past_the_range_of_money_throws_instead_of_wrapping()
    {
        var dear = new MeterSegment(Rate.FromSteps(100_000_000), int.MaxValue, 100_000_000);

        Should.Throw<OverflowException>(() => StatementAmount.Of([dear]));
    }

    [Theory]
    [InlineData(-1, 1, "gpus")]
    [InlineData(1, -1, "seconds")]
    public void Segment_refuses_less_than_nothing(int gpus, long seconds, string field)
    {
        Should
            .Throw<ArgumentOutOfRangeException>(() => new MeterSegment(Rate.FromSteps(1), gpus, seconds))
            .ParamName.ShouldBe(field);
    }
}
