using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Simulation;

public class RandomStreamTests
{
    private const int Many = 200_000;

    [Fact]
    public void Bits_are_those_of_SplitMix64()
    {
        var stream = new RandomStream(1234567);

        ulong[] bits = [stream.NextBits(), stream.NextBits(), stream.NextBits(), stream.NextBits(), stream.NextBits()];

        bits.ShouldBe([
            6457827717110365317,
            3203168211198807973,
            9817491932198370423,
            4593380528125082431,
            16408922859458223821,
        ]);
    }

    [Fact]
    public void Streams_differ_by_seed_by_fleet_and_by_use()
    {
        var (one, other) = (FleetId.Parse("a"), FleetId.Parse("b"));

        ulong[] first =
        [
            RandomStream.Of(one, seed: 1, use: 1).NextBits(),
            RandomStream.Of(one, seed: 2, use: 1).NextBits(),
            RandomStream.Of(other, seed: 1, use: 1).NextBits(),
            RandomStream.Of(one, seed: 1, use: 2).NextBits(),
            RandomStream.Of(one, seed: -1, use: 1).NextBits(),
        ];

        first.Distinct().Count().ShouldBe(first.Length);
    }

    [Fact]
    public void Normal_has_mean_0_deviation_1_and_light_tails()
    {
        var stream = new RandomStream(1);

        var draws = Enumerable.Range(0, Many).Select(_ => stream.NextNormal()).ToArray();

        draws.Average().ShouldBe(0, 0.01);
        draws.Average(x => x * x).ShouldBe(1, 0.02);
        (draws.Count(x => Math.Abs(x) > 1.96) / (double)Many).ShouldBe(0.05, 0.003);
    }

    [Fact]
    public void Exponential_has_mean_1_and_deviation_1()
    {
        var stream = new RandomStream(2);

        var draws = Enumerable.Range(0, Many).Select(_ => stream.NextExponential()).ToArray();

        draws.Average().ShouldBe(1, 0.02);
        draws.Average(x => x * x).ShouldBe(2, 0.06);
        draws.Min().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(1.7)]
    [InlineData(16)]
    [InlineData(53.5)]
    public void Poisson_has_its_mean_as_variance(double mean)
    {
        var stream = new RandomStream(3);

        var draws = Enumerable.Range(0, Many).Select(_ => (double)stream.NextPoisson(mean)).ToArray();

        var average = draws.Average();
        average.ShouldBe(mean, 0.05 * mean);
        draws.Average(x => (x - average) * (x - average)).ShouldBe(mean, 0.05 * mean);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Poisson_of_no_mean_is_0_and_draws_nothing(double mean)
    {
        var stream = new RandomStream(4);

        stream.NextPoisson(mean).ShouldBe(0);

        stream.NextBits().ShouldBe(new RandomStream(4).NextBits());
    }

    [Fact]
    public void Choices_come_by_their_shares()
    {
        var stream = new RandomStream(5);
        (int Value, double Share)[] choices = [(7, 0.1), (8, 0.6), (9, 0.3)];

        var draws = Enumerable.Range(0, Many).Select(_ => stream.NextOf(choices)).ToArray();

        foreach (var (value, share) in choices)
        {
            (draws.Count(draw => draw == value) / (double)Many).ShouldBe(share, 0.005);
        }
    }
}
