using CsCheck;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Settlement;

public sealed class LeaseMeterTests
{
    private static readonly DateTimeOffset Start = new(2026, 8, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Some changes of rate and GPUs, each some milliseconds after the last.</summary>
    private static readonly Gen<LeaseMeter> Meter =
        from first in Gen.Select(Gen.Int[0, 60_000], Gen.Int[1, 64])
        from changes in Gen.Select(Gen.Int[0, 40_000], Gen.Int[0, 60_000], Gen.Int[1, 64], Gen.Bool).Array[0, 5]
        select changes.Aggregate(
            (Meter: LeaseMeter.Start(Start, Rate.FromSteps(first.Item1), first.Item2), At: Start),
            (sum, change) =>
            {
                var at = sum.At.AddMilliseconds(change.Item1);
                return change.Item4
                    ? (sum.Meter.WithRate(at, Rate.FromSteps(change.Item2)), at)
                    : (sum.Meter.WithGpus(at, change.Item3), at);
            },
            sum => sum.Meter
        );

    [Fact]
    public void Seconds_are_neither_lost_nor_doubled_at_a_change() =>
        Gen.Select(Meter, Gen.Int[0, 400_000])
            .Sample(
                (meter, milliseconds) =>
                    meter
                        .Lines(Start.AddMilliseconds(milliseconds))
                        .Sum(line => line.Seconds)
                        .ShouldBe(milliseconds / 1000),
                iter: 2_000
            );

    [Fact]
    public void Cost_is_reached_at_the_first_second_and_kept_within_until_the_last() =>
        Gen.Select(Meter, Gen.Int[1, 40_000_000])
            .Sample(
                (meter, microUsd) =>
                {
                    var amount = new MicroUsd(microUsd);
                    var (reached, within) = (meter.WhenCosts(amount), meter.WhenStillWithin(amount));

                    if (reached is { } first)
                    {
                        Cost(meter, first).ShouldBeGreaterThanOrEqualTo(microUsd);
                        Cost(meter, first.AddSeconds(-1)).ShouldBeLessThan(microUsd);
                    }
                    if (within is { } last)
                    {
                        Cost(meter, last).ShouldBeLessThanOrEqualTo(microUsd);
                        Cost(meter, last.AddSeconds(1)).ShouldBeGreaterThan(microUsd);
                    }
                },
                iter: 5_000
            );

    [Fact]
    public void What_costs_nothing_never_reaches_an_amount()
    {
        var free = LeaseMeter.Start(Start, Rate.FromSteps(0), 8);

        free.WhenCosts(new(1)).ShouldBeNull();
        free.WhenStillWithin(new(1)).ShouldBeNull();
        free.WithRate(Start.AddSeconds(10), Rate.FromUsd(3600)).WhenCosts(new(1)).ShouldBe(Start.AddSeconds(11));
    }

    private static long Cost(LeaseMeter meter, DateTimeOffset at) =>
        at <= Start ? 0 : meter.Lines(at).Sum(line => line.Amount.Value);
}
