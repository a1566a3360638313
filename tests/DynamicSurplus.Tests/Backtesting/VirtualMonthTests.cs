using DynamicSurplus.Leasing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Backtesting;

public sealed class VirtualMonthTests(ITestOutputHelper output)
{
    /// <summary>A failure names the tick by its journal and the seed by its case: the same seed fails again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Month_of_a_busy_fleet_keeps_every_promise(int seed)
    {
        output.WriteLine($"seed {seed}");
        using var month = new VirtualMonth(seed);

        month.Run(VirtualMonth.MonthTicks);

        output.WriteLine(string.Join(", ", month.Events.Select(kind => $"{kind.Key} {kind.Value}")));
        var kinds = typeof(LeaseEvent).GetNestedTypes().Where(kind => kind.IsSubclassOf(typeof(LeaseEvent)));
        // Notices are never late on a virtual clock, so its firm failures are the only credits.
        month.Events.Keys.ShouldBe(kinds.Select(kind => kind.Name), ignoreOrder: true);
        month.Events[nameof(LeaseEvent.Settled)].ShouldBeGreaterThan(5_000);
    }

    [Fact]
    public void Seed_replays_every_event()
    {
        using var first = new VirtualMonth(7);
        using var again = new VirtualMonth(7);
        using var other = new VirtualMonth(8);

        var digest = first.Run(ticks: 3_000);

        again.Run(ticks: 3_000).ShouldBe(digest);
        other.Run(ticks: 3_000).ShouldNotBe(digest);
    }
}
