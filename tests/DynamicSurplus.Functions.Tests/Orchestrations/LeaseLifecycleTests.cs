using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Functions.Orchestrations;
using DynamicSurplus.Functions.Tests.Durable;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Orchestrations;

public sealed class LeaseLifecycleTests
{
    private static readonly TimeSpan Term = TimeSpan.FromMinutes(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lease_ends_at_its_term_in_few_turns_and_its_instance_with_it()
    {
        await using var world = await LeasedAsync();
        var lease = await LeaseAsync(world);
        world.Hub.IsRunning(lease.ToString()).ShouldBeTrue();

        await world.PassAsync(TimeSpan.FromHours(2));

        await ShouldHaveRunItsTermAsync(world, lease);
        var instance = world.Hub.Instances[lease.ToString()];
        (instance.IsOver, instance.Failure, instance.OpenTimersAtEnd).ShouldBe((true, null, 0));
        world.Hub.Tries[LeaseActivities.Wake].ShouldBe(3, "the lapse that was not, the term's end, the tombstone's");
        world.Hub.Turns.ShouldBeLessThanOrEqualTo(9);
    }

    [Fact]
    public async Task Timers_that_fire_early_end_nothing_early()
    {
        await using var world = await LeasedAsync(new HubChaos(Seed: 1, EarlyTimers: true));
        var lease = await LeaseAsync(world);
        var begun = world.Hub.Instances[lease.ToString()].StartedAt;
        var end = (await world.ReadAsync(lease)).EndsAt!.Value;

        await world.Hub.RunUntilAsync(end - TimeSpan.FromMilliseconds(1));
        (await world.ReadAsync(lease)).Status.ShouldBe(LeaseStatus.Active);
        await world.Hub.RunUntilAsync(end + TimeSpan.FromSeconds(2));
        (await world.ReadAsync(lease)).Status.ShouldBe(LeaseStatus.Settled);
        await world.PassAsync(TimeSpan.FromHours(1));

        await ShouldHaveRunItsTermAsync(world, lease);
        world.Hub.Turns.ShouldBeLessThanOrEqualTo(16);
        world.Hub.Instances[lease.ToString()].StartedAt.ShouldBe(begun, "it has not begun anew");
    }

    [Fact]
    public async Task Signals_that_come_before_the_wait_are_heard()
    {
        await using var world = await LeasedAsync();
        // All of these before the instance has run for the first time.
        var lease = await LeaseAsync(world, pass: false);
        world.Hub.Turns.ShouldBe(0);
        await ReclaimAsync(world, lease);
        var deadline = (await world.ReadAsync(lease)).NoticeDeadline!.Value;

        await world.Hub.RunUntilAsync(deadline);

        (await world.ReadAsync(lease)).ShouldSatisfyAllConditions(
            now => now.EndReason.ShouldBe(EndReason.Reclaimed),
            now => now.EndedAt.ShouldBe(deadline)
        );
    }

    [Fact]
    public async Task Signal_moves_the_next_look_forward()
    {
        await using var world = await LeasedAsync();
        var lease = await LeaseAsync(world);
        await world.PassAsync(TimeSpan.FromMinutes(10));
        await ReclaimAsync(world, lease);
        var deadline = (await world.ReadAsync(lease)).NoticeDeadline!.Value;

        await world.Hub.RunUntilAsync(deadline - TimeSpan.FromMilliseconds(1));
        (await world.ReadAsync(lease)).Status.ShouldBe(LeaseStatus.Reclaiming);
        await world.Hub.RunUntilAsync(deadline);
        (await world.ReadAsync(lease)).EndedAt.ShouldBe(deadline);

        // The tombstone goes before the term would have ended: the timer for that must not be left.
        await world.Hub.RunUntilAsync(deadline + TimeSpan.FromMinutes(15));
        var instance = world.Hub.Instances[lease.ToString()];
        (instance.IsOver, instance.OpenTimersAtEnd).ShouldBe((true, 0));
    }

    [Fact]
    public async Task Doubled_signals_change_nothing()
    {
        await using var once = await LeasedAsync();
        await using var twice = await LeasedAsync(new HubChaos(Seed: 1, DoubledEvents: 1));
        foreach (var world in (AppWorld[])[once, twice])
        {
            var lease = await LeaseAsync(world);
            await world.PassAsync(TimeSpan.FromMinutes(10));
            await ReclaimAsync(world, lease);
            await world.PassAsync(TimeSpan.FromHours(1));
        }
        var id = LeaseId.Parse(once.Hub.Instances.Keys.Single());

        (await twice.JournalAsync(id)).ShouldBe(await once.JournalAsync(id));
        twice.Hub.Instances[id.ToString()].IsOver.ShouldBeTrue();
    }

    [Fact]
    public async Task Signal_after_the_end_begins_an_instance_that_finds_nothing_to_do()
    {
        await using var world = await LeasedAsync();
        var lease = await LeaseAsync(world);
        await world.PassAsync(TimeSpan.FromHours(2));
        var journal = await world.JournalAsync(lease);

        using (world.Get<DurableClientScope>().Enter(world.Hub.Client))
        {
            var late = new Wakeup(lease, AppWorld.Fleet, world.Time.GetUtcNow());
            await world.Get<IWakeups>().ScheduleAsync(late, Stop);
        }
        world.Hub.IsRunning(lease.ToString()).ShouldBeTrue();
        await world.PassAsync(TimeSpan.FromSeconds(1));

        world.Hub.IsRunning(lease.ToString()).ShouldBeFalse();
        (await world.JournalAsync(lease)).ShouldBe(journal);
        (await world.Get<IWakeups>().DueAsync(DateTimeOffset.MaxValue, 10, Stop))
            .Where(left => left.At <= world.Time.GetUtcNow())
            .Select(left => left.At)
            .ShouldNotContain(world.Time.GetUtcNow());
    }

    [Fact]
    public async Task Unaccepted_quote_gives_its_gpus_back_by_itself()
    {
        await using var world = await LeasedAsync();
        using (world.Get<DurableClientScope>().Enter(world.Hub.Client))
        {
            var request = new LeaseRequest(AppWorld.Tenant, LeaseTier.Spot, 4, Term, Fleet: AppWorld.Fleet);
            await world.Get<RequestQuote>().RunAsync(request, "quote", "hash", Stop);
        }
        await world.PassAsync(TimeSpan.FromSeconds(65));

        (await world.Get<ICapacityBooks>().ReadAsync(AppWorld.Fleet, Stop)).Book.Taken.ShouldBe(0);
    }

    [Fact]
    public async Task Instance_begins_anew_each_billing_period_with_what_it_waits_for()
    {
        var eve = new DateTimeOffset(2026, 8, 31, 23, 50, 0, TimeSpan.Zero);
        await using var world = await LeasedAsync(start: eve);
        var lease = await LeaseAsync(world);
        await world.Hub.RunUntilAsync(new DateTimeOffset(2026, 9, 1, 0, 0, 1, TimeSpan.Zero));

        var instance = world.Hub.Instances[lease.ToString()];
        instance.StartedAt.ShouldBe(new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));
        instance.Happenings.ShouldBeEmpty();
        await world.PassAsync(TimeSpan.FromHours(1));

        await ShouldHaveRunItsTermAsync(world, lease);
    }

    [Fact]
    public async Task Flood_of_signals_keeps_the_history_short_and_loses_no_word()
    {
        await using var world = await LeasedAsync();
        var lease = await LeaseAsync(world);
        var end = (await world.ReadAsync(lease)).EndsAt!.Value;
        for (var second = 0; second < 1000; second++)
        {
            world.Hub.Raise(lease.ToString(), LeaseSignal.Name, new LeaseSignal(end));
            await world.PassAsync(TimeSpan.FromSeconds(0.5));
        }
        await ReclaimAsync(world, lease);
        var deadline = (await world.ReadAsync(lease)).NoticeDeadline!.Value;
        await world.Hub.RunUntilAsync(deadline);

        (await world.ReadAsync(lease)).EndedAt.ShouldBe(deadline);
        world.Hub.LongestHistory.ShouldBeLessThan(3 * LeaseLifecycle.MostTurns);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // one turn more before the signals
    public async Task Signal_is_heard_whichever_turn_it_comes_at(bool afterAnEarlyTimer)
    {
        for (var before = 0; before < LeaseLifecycle.MostTurns; before++)
        {
            await using var world = await LeasedAsync(new HubChaos(Seed: 1, EarlyTimers: afterAnEarlyTimer));
            var lease = await LeaseAsync(world);
            await world.PassAsync(TimeSpan.FromSeconds(afterAnEarlyTimer ? 70 : 0));
            var end = (await world.ReadAsync(lease)).EndsAt!.Value;
            for (var signal = 0; signal < before; signal++)
            {
                world.Hub.Raise(lease.ToString(), LeaseSignal.Name, new LeaseSignal(end));
                await world.PassAsync(TimeSpan.FromMilliseconds(1));
            }
            await ReclaimAsync(world, lease);
            var deadline = (await world.ReadAsync(lease)).NoticeDeadline!.Value;
            await world.Hub.RunUntilAsync(deadline + TimeSpan.FromSeconds(2));

            (await world.ReadAsync(lease)).EndedAt.ShouldBe(deadline, $"after {before} signals");
        }
    }

    [Fact]
    public async Task Activity_that_fails_at_every_try_leaves_the_instance_alive()
    {
        await using var world = await LeasedAsync();
        var lease = await LeaseAsync(world);
        world.Hub.Chaos = new(Seed: 1, FailedTries: 1);
        await world.PassAsync(Term + TimeSpan.FromMinutes(3));
        world.Hub.IsRunning(lease.ToString()).ShouldBeTrue();
        world.Hub.Tries[LeaseActivities.Wake].ShouldBeGreaterThan(12, "two rounds of a policy's six tries");
        world.Hub.Chaos = new(Seed: 1);

        await world.PassAsync(TimeSpan.FromHours(1));

        await ShouldHaveRunItsTermAsync(world, lease);
        world.Hub.Instances[lease.ToString()].IsOver.ShouldBeTrue();
    }

    [Fact]
    public async Task Lease_whose_signals_are_all_lost_is_found_by_the_sweep()
    {
        await using var world = await LeasedAsync();
        var lease = await LeaseAsync(world);
        world.Hub.Chaos = new(Seed: 1, LostEvents: 1);
        await world.PassAsync(TimeSpan.FromMinutes(10));
        await ReclaimAsync(world, lease);
        var deadline = (await world.ReadAsync(lease)).NoticeDeadline!.Value;
        await world.Hub.RunUntilAsync(deadline + TimeSpan.FromSeconds(15));

        await world.SweepAsync();

        (await world.ReadAsync(lease)).EndedAt.ShouldBe(deadline);
    }

    [Fact]
    public async Task Lease_whose_hub_is_gone_is_found_by_the_sweep_and_gets_a_new_instance()
    {
        await using var world = await LeasedAsync();
        world.Hub.Client.Failing = int.MaxValue;
        var lease = await LeaseAsync(world);
        world.Hub.Instances.ShouldBeEmpty();
        world.Hub.Client.Failing = 0;
        for (var minute = 0; minute < 60; minute++)
        {
            await world.PassAsync(TimeSpan.FromMinutes(1));
            await world.SweepAsync();
        }

        await ShouldHaveRunItsTermAsync(world, lease);
        world.Hub.Instances.Keys.ShouldContain(lease.ToString());
    }

    private static async Task<AppWorld> LeasedAsync(HubChaos? chaos = null, DateTimeOffset? start = null)
    {
        var world = new AppWorld(chaos, start);
        await world.RegisterAsync();
        await world.TickAsync(running: 10);
        return world;
    }

    private static async Task<LeaseId> LeaseAsync(AppWorld world, bool pass = true)
    {
        var lease = await world.LeaseAsync("key", gpus: 8, Term);
        if (pass)
        {
            await world.PassAsync(TimeSpan.FromSeconds(1));
        }
        return lease.ShouldNotBeNull();
    }

    private static Task<LeaseOutcome> ReclaimAsync(AppWorld world, LeaseId lease)
    {
        var clock = world.Get<EngineClock>();
        var id = CommandId.From($"reclaim-{clock.Tick}");
        return world.CommandAsync(
            lease,
            new LeaseCommand.Reclaim(id, clock.UtcNow, clock.Tick, ReclaimReason.InternalDemand)
        );
    }

    private static async Task ShouldHaveRunItsTermAsync(AppWorld world, LeaseId lease)
    {
        var now = await world.ReadAsync(lease);
        now.Status.ShouldBe(LeaseStatus.Settled);
        now.EndReason.ShouldBe(EndReason.TermOver);
        now.EndedAt.ShouldBe(now.GrantedAt + Term);
        now.BilledSeconds.ShouldBe((long)Term.TotalSeconds);
    }
}
