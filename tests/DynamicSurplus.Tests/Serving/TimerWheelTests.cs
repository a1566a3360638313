using CsCheck;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Tests.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Serving;

public sealed class TimerWheelTests
{
    /// <summary>Not on the boundary of any level.</summary>
    private const long Start = 1_787_392_800_123;

    /// <summary>From the next millisecond to the far end of the wheel, each level as likely as another.</summary>
    private static readonly Gen<long> Distance =
        from bits in Gen.Int[0, 29]
        from share in Gen.Double[0, 1]
        select Math.Min((long)(share * (1L << (bits + 1))), TimerWheel<int>.HorizonMilliseconds - 1);

    private static readonly Gen<Step> Steps =
        from kind in Gen.Frequency((5, Gen.Const(Kind.Add)), (2, Gen.Const(Kind.Remove)), (3, Gen.Const(Kind.Turn)))
        from distance in Distance
        from isPast in Gen.Int[0, 9]
        from which in Gen.Int[0, 1000]
        select new Step(kind, isPast == 0 && kind == Kind.Add ? -distance : distance, which);

    [Fact]
    public void Items_come_when_they_are_due_in_the_order_of_a_sorted_list() =>
        Steps
            .Array[1, 200]
            .Sample(
                steps =>
                {
                    var (wheel, model) = (new TimerWheel<int>(Start), new List<Item>());
                    foreach (var (number, step) in steps.Index())
                    {
                        Do(wheel, model, number, step);
                        wheel.Count.ShouldBe(model.Count);
                    }
                    Turn(wheel, model, wheel.Now + (2 * TimerWheel<int>.HorizonMilliseconds));
                    wheel.Count.ShouldBe(0);
                },
                iter: 5_000
            );

    [Fact]
    public void Whoever_waits_for_the_next_instant_misses_none() =>
        Distance
            .Array[1, 50]
            .Sample(
                distances =>
                {
                    var wheel = new TimerWheel<long>(Start);
                    foreach (var distance in distances)
                    {
                        wheel.Add(Start + distance, Start + distance);
                    }
                    var taken = new List<long>();
                    for (var looks = 0; wheel.Next is { } next; looks++)
                    {
                        // Each look comes a level nearer to the item, at the worst.
                        looks.ShouldBeLessThan(5 * distances.Length);
                        while (wheel.TryTake(next, out var at))
                        {
                            at.ShouldBe(next);
                            taken.Add(at);
                        }
                    }
                    taken.ShouldBe(distances.Select(distance => Start + distance).Order());
                },
                iter: 2_000
            );

    [Fact]
    public void Clock_that_is_put_back_makes_nothing_early()
    {
        var wheel = new TimerWheel<string>(Start);
        wheel.TryTake(Start + 5_000, out _);

        wheel.Add(Start + 2_000, "past");
        wheel.Add(Start + 6_000, "later");

        wheel.TryTake(Start + 1_000, out _).ShouldBeFalse();
        wheel.TryTake(Start + 5_999, out var first).ShouldBeTrue();
        first.ShouldBe("past");
        wheel.TryTake(Start + 5_999, out _).ShouldBeFalse();
        wheel.TryTake(Start + 6_000, out _).ShouldBeTrue();
    }

    [Fact]
    public void Instant_past_the_horizon_is_refused_and_the_one_before_it_kept()
    {
        var wheel = new TimerWheel<int>(Start);

        wheel.Add(Start + TimerWheel<int>.HorizonMilliseconds - 1, 1);
        Should.Throw<ArgumentOutOfRangeException>(() => wheel.Add(Start + TimerWheel<int>.HorizonMilliseconds, 2));

        wheel.TryTake(Start + TimerWheel<int>.HorizonMilliseconds - 2, out _).ShouldBeFalse();
        wheel.TryTake(Start + TimerWheel<int>.HorizonMilliseconds - 1, out var item).ShouldBeTrue();
        item.ShouldBe(1);
    }

    [Fact]
    public void Nothing_is_allocated_once_the_wheel_has_held_as_much()
    {
        var (wheel, now, places) = (new TimerWheel<object>(Start), Start, new int[10_000]);

        AllocatedBytes
            .Of(() =>
            {
                for (var n = 0; n < places.Length; n++)
                {
                    places[n] = wheel.Add(now + (n * 7_919L), places);
                }
                for (var n = 0; n < places.Length; n += 3)
                {
                    wheel.Remove(places[n]);
                }
                for (var until = now + (places.Length * 7_919L); now < until; now += 997)
                {
                    while (wheel.TryTake(now, out _)) { }
                }
            })
            .ShouldBe(0);
    }

    private static void Do(TimerWheel<int> wheel, List<Item> model, int number, Step step)
    {
        switch (step.Kind)
        {
            case Kind.Add:
                var at = wheel.Now + step.Distance;
                model.Add(new(Math.Max(at, wheel.Now), number, wheel.Add(at, number)));
                break;
            case Kind.Remove when model.Count > 0:
                var item = model[step.Which % model.Count];
                wheel.Remove(item.Place);
                model.Remove(item);
                break;
            case Kind.Turn:
                Turn(wheel, model, wheel.Now + step.Distance);
                break;
        }
    }

    private static void Turn(TimerWheel<int> wheel, List<Item> model, long now)
    {
        var due = model.Where(item => item.At <= now).OrderBy(item => item.At).ThenBy(item => item.Number).ToArray();
        foreach (var item in due)
        {
            wheel.Next!.Value.ShouldBeLessThanOrEqualTo(item.At);
            wheel.TryTake(now, out var taken).ShouldBeTrue();
            taken.ShouldBe(item.Number);
            wheel.Now.ShouldBe(item.At);
            model.Remove(item);
        }
        wheel.TryTake(now, out _).ShouldBeFalse();
        wheel.Now.ShouldBe(now);
    }

    private enum Kind
    {
        Add,
        Remove,
        Turn,
    }

    private readonly record struct Step(Kind Kind, long Distance, int Which);

    private readonly record struct Item(long At, int Number, int Place);
}
