using CsCheck;
using DynamicSurplus.Risk;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Risk;

public sealed class RiskHistogramTests
{
    private static readonly Gen<double[]> Histogram = Gen.OneOf(
        Gen.Const(0.0),
        Gen.Double[0, 1],
        Gen.Double[0, 60]
    ).Array[RiskHistogram.Bins];

    [Fact]
    public void Edges_are_spaced_evenly_in_logarithm_from_one_percent_to_all()
    {
        var edges = RiskHistogram.Edges;

        edges.Length.ShouldBe(RiskHistogram.Bins);
        edges[0].ShouldBe(0);
        for (var bin = 1; bin < RiskHistogram.Bins; bin++)
        {
            edges[bin].ShouldBe(0.01 * Math.Pow(100, (bin - 1) / 14.0), 1e-15);
        }
    }

    [Fact]
    public void Bin_ends_at_its_edge()
    {
        for (var bin = 0; bin < RiskHistogram.Bins; bin++)
        {
            RiskHistogram.Bin(RiskHistogram.Edges[bin]).ShouldBe(bin);
            RiskHistogram.Bin(RiskHistogram.Edges[bin] + 1e-13).ShouldBe(bin);
            if (bin < RiskHistogram.Bins - 1)
            {
                RiskHistogram.Bin(RiskHistogram.Edges[bin] + 1e-9).ShouldBe(bin + 1);
            }
        }
    }

    [Theory]
    [InlineData(0.01, 0.37275937203149395)]
    [InlineData(0.05, 0.1)]
    [InlineData(0.30, 0)]
    [InlineData(0, 1)]
    [InlineData(-0.01, 1)]
    public void Margin_is_that_of_the_reference_models_example(double alpha, double margin)
    {
        double[] histogram = [120, 0, 0, 0, 0, 20, 0, 0, 12, 0, 5, 0, 2, 0, 0.8, 0];

        RiskHistogram.Margin(histogram, histogram.Sum(), alpha).ShouldBe(margin);
    }

    [Fact]
    public void Margin_leaves_at_most_alpha_of_the_weight_above_it_and_is_the_least_that_does()
    {
        Gen.Select(Histogram, Gen.Double[0.0001, 1])
            .Sample(
                (histogram, alpha) =>
                {
                    var weight = histogram.Sum();
                    var margin = RiskHistogram.Margin(histogram, weight, alpha);
                    var bin = RiskHistogram.Edges.IndexOf(margin);

                    Tail(histogram, bin).ShouldBeLessThanOrEqualTo((alpha * (weight + 0.1)) + 1e-9);
                    if (bin > 0)
                    {
                        Tail(histogram, bin - 1).ShouldBeGreaterThan((alpha * (weight + 0.1)) - 1e-9);
                    }
                }
            );

        static double Tail(double[] histogram, int bin) =>
            bin == RiskHistogram.Bins - 1 ? 0 : histogram.Skip(bin + 1).Sum() + 0.1;
    }

    [Fact]
    public void Margin_falls_as_the_accepted_share_grows()
    {
        Gen.Select(Histogram, Gen.Double[-0.1, 1.5], Gen.Double[0, 1])
            .Sample(
                (histogram, alpha, more) =>
                    RiskHistogram
                        .Margin(histogram, histogram.Sum(), alpha + more)
                        .ShouldBeLessThanOrEqualTo(RiskHistogram.Margin(histogram, histogram.Sum(), alpha))
            );
    }

    [Fact]
    public void Margin_grows_when_a_score_was_worse()
    {
        Gen.Select(Histogram, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0.001, 1])
            .Sample(
                (histogram, score, worse, alpha) =>
                {
                    var mild = histogram.ToArray();
                    var harsh = histogram.ToArray();
                    RiskHistogram.Record(mild, 0.99, Math.Min(score, worse));
                    RiskHistogram.Record(harsh, 0.99, Math.Max(score, worse));
                    var weight = (0.99 * histogram.Sum()) + 1;

                    // Where a tail is just the accepted share, rounding decides; that is not what is asked here.
                    var justBelow = alpha * (1 - 1e-9);
                    RiskHistogram
                        .Margin(harsh, weight, justBelow)
                        .ShouldBeGreaterThanOrEqualTo(RiskHistogram.Margin(mild, weight, alpha));
                }
            );
    }
}
