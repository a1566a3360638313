using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Functions.Orchestrations;
using DynamicSurplus.Functions.Tests.Durable;
using DynamicSurplus.Leasing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Orchestrations;

public sealed class ReclaimWaveTests
{
    private static readonly string Wave = ReclaimWave.InstanceOf(AppWorld.Fleet.ToString());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wave_gives_notice_waits_for_the_end_and_reports_the_notice_kept()
    {
        await using var world = await LeasedAsync(8, 8, 8);

        await world.TickAsync(running: 16, healthy: 32);
        await world.PassAsync(TimeSpan.FromSeconds(30));
        world.Hub.IsRunning(Wave).ShouldBeTrue();
        (await StatusesAsync(world)).Count(status => status == LeaseStatus.Reclaiming).ShouldBe(1);
        await world.PassAsync(TimeSpan.FromMinutes(3));

        Report(world).ShouldBe(new WaveReport(Leases: 1, Ended: 1, Kept: 1, Running: 0));
        world.Hub.Instances[Wave].OpenTimersAtEnd.ShouldBe(0);
        (await world.Get<ICapacityBooks>().ReadAsync(AppWorld.Fleet, Stop)).Book.Leased.ShouldBe(16);
    }

    [Fact]
    public async Task Shortage_that_grows_meets_the_wave_that_runs()
    {
        await using var world = await LeasedAsync(8, 8, 8);
        await world.TickAsync(running: 16, healthy: 32);
        await world.PassAsync(TimeSpan.FromSeconds(10));

        await world.TickAsync(running: 16, healthy: 20);
        await world.PassAsync(TimeSpan.FromSeconds(1));
        (await StatusesAsync(world)).Count(status => status == LeaseStatus.Reclaiming).ShouldBe(2);
        await world.PassAsync(TimeSpan.FromMinutes(4));

        // One wave, two reclaims: the first lease was over by itself when the report was made.
        Report(world).ShouldBe(new WaveReport(Leases: 2, Ended: 2, Kept: 2, Running: 0));
        world.Hub.Tries[ReclaimActivities.ReportWave].ShouldBe(1);
    }

    [Fact]
    public async Task Shortage_that_stays_gives_no_second_notice()
    {
        await using var world = await LeasedAsync(8, 8, 8);
        for (var tick = 0; tick < 2; tick++)
        {
            await world.TickAsync(running: 16, healthy: 32);
        }
        await world.PassAsync(TimeSpan.FromSeconds(30));

        (await StatusesAsync(world)).Count(status => status == LeaseStatus.Reclaiming).ShouldBe(1);
    }

    [Fact]
    public async Task Wave_with_nobody_to_reclaim_ends_at_once()
    {
        await using var world = await LeasedAsync();
        var order = new ReclaimOrder(AppWorld.Fleet.ToString(), 10, 10, 1, 10);
        world.Hub.Start(Wave, nameof(ReclaimWave), order);

        await world.PassAsync(TimeSpan.FromSeconds(1));

        Report(world).ShouldBe(new WaveReport(0, 0, 0, 0));
    }

    [Fact]
    public async Task Customer_who_leaves_in_notice_is_not_counted_as_ended_by_the_wave()
    {
        await using var world = await LeasedAsync(8, 8, 8);
        await world.TickAsync(running: 16, healthy: 32);
        await world.PassAsync(TimeSpan.FromSeconds(10));
        var views = await world.Get<ILeaseViews>().ListAsync(AppWorld.Tenant, null, 10, Stop);
        var noticed = views.Leases.Single(view => view.Status == LeaseStatus.Reclaiming).Lease;
        await world.CommandAsync(noticed, world.End("gone"));
        await world.PassAsync(TimeSpan.FromMinutes(4));

        Report(world).ShouldBe(new WaveReport(Leases: 1, Ended: 0, Kept: 0, Running: 0));
    }

    [Fact]
    public async Task Notices_are_given_though_the_hub_does_not_answer()
    {
        await using var world = await LeasedAsync(8, 8, 8);
        world.Hub.Client.Failing = int.MaxValue;

        await world.TickAsync(running: 16, healthy: 32);

        (await StatusesAsync(world)).Count(status => status == LeaseStatus.Reclaiming).ShouldBe(1);
    }

    [Fact]
    public async Task Wave_whose_activity_fails_at_every_try_leaves_the_rest_to_the_next_tick()
    {
        await using var world = await LeasedAsync(8, 8, 8);
        world.Hub.Chaos = new(Seed: 1, FailedTries: 1);
        await world.TickAsync(running: 16, healthy: 32);
        await world.PassAsync(TimeSpan.FromSeconds(50));
        world.Hub.IsRunning(Wave).ShouldBeFalse();
        world.Hub.Instances[Wave].Failure.ShouldBeNull();
        world.Hub.Chaos = new(Seed: 1);

        await world.TickAsync(running: 16, healthy: 32);
        await world.PassAsync(TimeSpan.FromMinutes(4));

        Report(world).Kept.ShouldBe(1);
    }

    [Fact]
    public async Task Shortages_without_end_keep_the_history_short()
    {
        await using var world = await LeasedAsync(8, 8, 8);
        await world.TickAsync(running: 16, healthy: 32);
        var order = new ReclaimOrder(AppWorld.Fleet.ToString(), 32, 16, 0.5, 64);
        for (var shortage = 0; shortage < 300; shortage++)
        {
            await world.PassAsync(TimeSpan.FromSeconds(0.3));
            world.Hub.Raise(Wave, ReclaimOrder.Signal, order);
        }
        await world.PassAsync(TimeSpan.FromMinutes(4));

        world.Hub.LongestHistory.ShouldBeLessThan(3 * ReclaimWave.MostTurns);
        Report(world).ShouldBe(new WaveReport(Leases: 1, Ended: 1, Kept: 1, Running: 0));
    }

    private static WaveReport Report(AppWorld world) =>
        DurableJson.Read<WaveReport>(world.Hub.Instances[Wave].Output.ShouldNotBeNull()).ShouldNotBeNull();

    private static async Task<AppWorld> LeasedAsync(params int[] gpus)
    {
        var world = new AppWorld();
        await world.RegisterAsync();
        await world.TickAsync(running: 10);
        foreach (var (count, index) in gpus.Select((count, index) => (count, index)))
        {
            (await world.LeaseAsync($"key-{index}", count, TimeSpan.FromHours(1))).ShouldNotBeNull();
        }
        await world.PassAsync(TimeSpan.FromSeconds(1));
        return world;
    }

    private static async Task<IEnumerable<LeaseStatus>> StatusesAsync(AppWorld world)
    {
        var views = await world.Get<ILeaseViews>().ListAsync(AppWorld.Tenant, null, 10, Stop);
        return views.Leases.Select(view => view.Status);
    }
}
