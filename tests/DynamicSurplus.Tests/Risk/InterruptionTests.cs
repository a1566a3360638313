using CsCheck;
using DynamicSurplus.Risk;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Risk;

public sealed class InterruptionTests
{
    private static readonly double[] Example = [120, 0, 0, 0, 0, 20, 0, 0, 12, 0, 5, 0, 2, 0, 0.8, 0];

    [Theory]
    [InlineData(1.0, 0.032082)]
    [InlineData(2.1, 0.066185)]
    public void Probability_is_that_of_the_reference_models_example(double hazard, double probability)
    {
        Interruption.PerHorizon(Example, Example.Sum(), 0.10, 0.20, hazard).ShouldBe(probability, 5e-7);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.2, 0)]
    public void Probability_is_zero_where_nothing_is_leased_or_known(double leasedSpot, double weight)
    {
        Interruption.PerHorizon(Example, weight, 0.1, leasedSpot, 2).ShouldBe(0);
    }

    [Fact]
    public void Fleet_short_of_gpus_is_no_worse_than_one_with_none_free()
    {
        var probability = Interruption.PerHorizon(Example, Example.Sum(), -0.1, 0.5, 1);

        probability.ShouldBe(Interruption.PerHorizon(Example, Example.Sum(), 0, 0.5, 1));
    }

    [Fact]
    public void Probability_falls_with_free_and_grows_with_hazard()
    {
        Gen.Select(
                Gen.Double[0, 50].Array[RiskHistogram.Bins],
                Gen.Double[-0.2, 1],
                Gen.Double[0, 1],
                Gen.Double[0.01, 1],
                Gen.Double[0.1, 4]
            )
            .Sample(
                (histogram, free, more, leased, hazard) =>
                {
                    var weight = histogram.Sum();
                    var probability = Interruption.PerHorizon(histogram, weight, free, leased, hazard);

                    probability.ShouldBeInRange(0, 1);
                    Interruption
                        .PerHorizon(histogram, weight, free + more, leased, hazard)
                        .ShouldBeLessThanOrEqualTo(probability);
                    Interruption
                        .PerHorizon(histogram, weight, free, leased, hazard + more)
                        .ShouldBeGreaterThanOrEqualTo(probability);
                }
            );
    }

    [Fact]
    public void Probability_over_a_term_compounds()
    {
        Interruption.PerTerm(0.1, 60).ShouldBe(0.1, 1e-12);
        Interruption.PerTerm(0.1, 120).ShouldBe(0.19, 1e-12);
        Interruption.PerTerm(0.1, 0).ShouldBe(0);
        Interruption.PerTerm(1, 10).ShouldBe(1);
    }

    [Fact]
    public void Hazard_starts_at_two_and_follows_what_is_observed()
    {
        Interruption.Hazard(0, 0).ShouldBe(2);
        Interruption.Hazard(980, 990).ShouldBe(1);
    }

    [Theory]
    [InlineData(0, InterruptionBand.Below5Percent)]
    [InlineData(0.0499999, InterruptionBand.Below5Percent)]
    [InlineData(0.05, InterruptionBand.From5To10Percent)]
    [InlineData(0.10, InterruptionBand.From10To15Percent)]
    [InlineData(0.15, InterruptionBand.From15To20Percent)]
    [InlineData(0.20, InterruptionBand.From15To20Percent)]
    [InlineData(0.2000001, InterruptionBand.Above20Percent)]
    [InlineData(1, InterruptionBand.Above20Percent)]
    public void Band_holds_its_lower_bound(double probability, InterruptionBand band)
    {
        Interruption.Band(probability).ShouldBe(band);
    }
}
