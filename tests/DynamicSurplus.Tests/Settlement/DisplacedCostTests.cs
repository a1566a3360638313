using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Settlement;

public sealed class DisplacedCostTests
{
    [Theory]
    [InlineData(80, 0.5, 100, 36_000, 60, 1_800_000, 1_800_000)] // 30 GPUs, a minute, 3.60 USD
    [InlineData(80, 0.5, 100, 36_000, 0, 0, 0)]
    [InlineData(50, 0.5, 100, 36_000, 60, 0, 0)]
    [InlineData(90, 1.0, 50, 36_000, 60, 0, 0)]
    [InlineData(50.0004, 0.5, 100, 36_000, 60, 0, 0)] // under half a thousandth of a GPU
    [InlineData(50.0006, 0.5, 100, 36_000, 60, 60, 60)]
    public void Demand_past_the_wall_costs_the_spot_rate(
        double demand,
        double wall,
        double capacity,
        int steps,
        long seconds,
        long gpuMilliseconds,
        long microUsd
    )
    {
        var cost = DisplacedCost.Of(demand, wall, capacity, Rate.FromSteps(steps), seconds);

        cost.ShouldBe(new DisplacedCost(gpuMilliseconds, new(microUsd)));
    }

    [Theory]
    [InlineData(18, 0)] // half a micro-dollar: to even
    [InlineData(19, 1)]
    [InlineData(54, 2)] // one and a half
    public void An_amount_is_rounded_once_half_to_even(int steps, long microUsd) =>
        DisplacedCost.Of(2, 0.5, 2, Rate.FromSteps(steps), 1).Amount.ShouldBe(new MicroUsd(microUsd));

    [Fact]
    public void A_book_begins_anew_with_the_month_and_keeps_owners_apart()
    {
        var (book, fleet) = (new DisplacedBook(), FleetId.Parse("alpha"));
        book.Open(new(2026, 8));
        book.Add(fleet, "training", new(1000, new(5)));
        book.Add(fleet, "serving", new(1, new(2)));
        book.Add(fleet, "training", new(2000, new(7)));
        book.Open(new(2026, 8));

        book.Entries.ShouldBe([new(fleet, "serving", new(1, new(2))), new(fleet, "training", new(3000, new(12)))]);

        book.Open(new(2026, 9));
        book.IsEmpty.ShouldBeTrue();
    }
}
