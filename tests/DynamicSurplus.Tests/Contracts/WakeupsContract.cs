using DynamicSurplus.Engine.Ports;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class WakeupsContract : PortContract<IWakeups>
{
    private const int All = 1_000;

    [Fact]
    public async Task Nothing_is_due_where_nothing_was_scheduled()
    {
        await using var store = await CreateAsync();

        (await store.Open().DueAsync(DateTimeOffset.MaxValue, All, Stop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Wakeup_is_due_from_its_instant_on()
    {
        await using var store = await CreateAsync();
        await store.Open().ScheduleAsync(Due(1, Example.Noon), Stop);
        var wakeups = store.Open();

        (await wakeups.DueAsync(Example.Noon.AddMilliseconds(-1), All, Stop)).ShouldBeEmpty();
        (await wakeups.DueAsync(Example.Noon.AddTicks(-1), All, Stop)).ShouldBeEmpty();
        (await wakeups.DueAsync(Example.Noon, All, Stop)).ShouldBe([Due(1, Example.Noon)]);
        (await wakeups.DueAsync(Example.Noon.AddDays(400), All, Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Same_instant_twice_is_one_wakeup()
    {
        await using var store = await CreateAsync();
        var wakeups = store.Open();
        await wakeups.ScheduleAsync(Due(1, Example.Noon), Stop);
        await store.Open().ScheduleAsync(Due(1, Example.Noon), Stop);
        await wakeups.ScheduleAsync(Due(1, Example.Noon.ToOffset(TimeSpan.FromHours(2))), Stop);
        await wakeups.ScheduleAsync(Due(1, Example.Noon.AddTicks(-1)), Stop);

        (await wakeups.DueAsync(Example.Noon, All, Stop)).ShouldBe([Due(1, Example.Noon)]);
    }

    [Fact]
    public async Task Wakeup_of_another_fleet_is_another()
    {
        await using var store = await CreateAsync();
        var wakeups = store.Open();
        var (here, there) = (Due(1, Example.Noon), Due(1, Example.Noon) with { Fleet = Example.FleetB });
        await wakeups.ScheduleAsync(there, Stop);
        await wakeups.ScheduleAsync(here, Stop);

        (await wakeups.DueAsync(Example.Noon, All, Stop)).ShouldBe([here, there]);
        await wakeups.RemoveAsync(here, Stop);
        (await wakeups.DueAsync(Example.Noon, All, Stop)).ShouldBe([there]);
    }

    [Fact]
    public async Task Instant_is_rounded_up_so_that_none_is_early()
    {
        await using var store = await CreateAsync();
        var wakeups = store.Open();
        var stored = Due(1, Example.Noon.AddMilliseconds(1));
        await wakeups.ScheduleAsync(Due(1, Example.Noon.AddTicks(1)), Stop);

        (await wakeups.DueAsync(Example.Noon.AddTicks(9_999), All, Stop)).ShouldBeEmpty();
        (await wakeups.DueAsync(Example.Noon.AddMilliseconds(1), All, Stop)).ShouldBe([stored]);
        await wakeups.RemoveAsync(stored with { At = Example.Noon.AddTicks(1) }, Stop);
        (await wakeups.DueAsync(Example.Noon.AddMilliseconds(1), All, Stop)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public async Task Earliest_come_first_and_no_more_than_asked(int most)
    {
        await using var store = await CreateAsync();
        var wakeups = store.Open();
        (int Lease, double Minutes)[] scheduled =
        [
            (5, 0),
            (1, 90),
            (2, -1),
            (3, 0),
            (1, -600),
            (4, 1440),
            (2, 0.0005),
            (9, 61),
            (1, 1441),
        ];
        foreach (var (lease, minutes) in scheduled)
        {
            await wakeups.ScheduleAsync(Due(lease, Example.Noon.AddMinutes(minutes)), Stop);
        }

        var expected = scheduled
            .Where(one => one.Minutes <= 1440)
            .Select(one => Due(one.Lease, Example.Noon.AddMinutes(one.Minutes)))
            .OrderBy(wakeup => wakeup.At)
            .ThenBy(wakeup => wakeup.Lease)
            .Take(most);
        (await wakeups.DueAsync(Example.Noon.AddMinutes(1440), most, Stop)).ShouldBe(expected);
    }

    [Fact]
    public async Task Removed_wakeup_stays_removed_and_no_other_goes_with_it()
    {
        await using var store = await CreateAsync();
        var wakeups = store.Open();
        await wakeups.ScheduleAsync(Due(1, Example.Noon), Stop);
        await wakeups.ScheduleAsync(Due(1, Example.Noon.AddMilliseconds(1)), Stop);
        await wakeups.ScheduleAsync(Due(2, Example.Noon), Stop);

        await store.Open().RemoveAsync(Due(1, Example.Noon), Stop);
        await wakeups.RemoveAsync(Due(1, Example.Noon), Stop);
        await wakeups.RemoveAsync(Due(3, Example.Noon), Stop);

        (await wakeups.DueAsync(Example.Noon.AddDays(1), All, Stop)).ShouldBe([
            Due(2, Example.Noon),
            Due(1, Example.Noon.AddMilliseconds(1)),
        ]);
    }

    [Fact]
    public async Task Wakeup_stays_due_until_it_is_removed_and_may_be_scheduled_again()
    {
        await using var store = await CreateAsync();
        var wakeups = store.Open();
        var wakeup = Due(1, Example.Noon);
        await wakeups.ScheduleAsync(wakeup, Stop);

        (await wakeups.DueAsync(Example.Noon, All, Stop)).ShouldBe([wakeup]);
        (await wakeups.DueAsync(Example.Noon, All, Stop)).ShouldBe([wakeup]);
        await wakeups.RemoveAsync(wakeup, Stop);
        await wakeups.ScheduleAsync(wakeup, Stop);

        (await wakeups.DueAsync(Example.Noon, All, Stop)).ShouldBe([wakeup]);
    }

    [Fact]
    public async Task Wakeup_is_known_by_lease_fleet_and_instant()
    {
        await using var store = await CreateAsync();
        var wakeups = store.Open();
        var wakeup = Due(1, Example.Noon.AddTicks(1));
        await wakeups.ScheduleAsync(wakeup, Stop);

        (await wakeups.IsScheduledAsync(wakeup, Stop)).ShouldBeTrue();
        (await wakeups.IsScheduledAsync(Due(1, Example.Noon.AddMilliseconds(1)), Stop)).ShouldBeTrue();
        (await wakeups.IsScheduledAsync(Due(1, Example.Noon), Stop)).ShouldBeFalse();
        (await wakeups.IsScheduledAsync(Due(2, wakeup.At), Stop)).ShouldBeFalse();
        (await wakeups.IsScheduledAsync(wakeup with { Fleet = Example.FleetB }, Stop)).ShouldBeFalse();
        await wakeups.RemoveAsync(wakeup, Stop);
        (await wakeups.IsScheduledAsync(wakeup, Stop)).ShouldBeFalse();
    }

    [Fact]
    public async Task More_wakeups_than_a_batch_holds_are_found_and_removed()
    {
        await using var store = await CreateAsync();
        var wakeups = store.Open();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 250),
            Stop,
            async (lease, stop) => await store.Open().ScheduleAsync(Due(lease, Example.Noon.AddSeconds(lease)), stop)
        );
        var due = await wakeups.DueAsync(Example.Noon.AddSeconds(248), All, Stop);

        due.Select(wakeup => wakeup.Lease).ShouldBe(Enumerable.Range(0, 249).Select(Example.Lease));
        await Parallel.ForEachAsync(due, Stop, async (wakeup, stop) => await wakeups.RemoveAsync(wakeup, stop));
        (await wakeups.DueAsync(DateTimeOffset.MaxValue, All, Stop)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Wakeup_that_many_schedule_at_once_is_one()
    {
        await using var store = await CreateAsync();

        await AtOnceAsync(async writer =>
        {
            await store.Open().ScheduleAsync(Due(0, Example.Noon), Stop);
            await store.Open().ScheduleAsync(Due(writer, Example.Noon), Stop);
            return true;
        });

        (await store.Open().DueAsync(Example.Noon, All, Stop)).Count.ShouldBe(Writers);
    }

    private static Wakeup Due(int lease, DateTimeOffset at) => new(Example.Lease(lease), Example.FleetA, at);
}
