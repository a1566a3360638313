using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class ReclaimCapacityTests : IAsyncDisposable
{
    private readonly LeaseWorld _world = new();
    private readonly ServiceProvider _process;

    public ReclaimCapacityTests() => _process = _world.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [Fact]
    public async Task All_leases_in_notice_are_returned_those_of_earlier_too()
    {
        var leases = await LeasedAsync(2);

        var first = await ReclaimAsync(capacity: 8);
        var both = await ReclaimAsync(capacity: 0);

        var notice = first.ShouldHaveSingleItem();
        both.Select(each => each.Lease).ShouldBe(leases, ignoreOrder: true);
        both.ShouldContain(notice);
        both.ShouldAllBe(each => each.Deadline == _world.Time.GetUtcNow().AddSeconds(120));
    }

    [Fact]
    public async Task Repeat_gives_no_second_notice()
    {
        var leases = await LeasedAsync(2);
        var first = await ReclaimAsync(capacity: 8);

        (await ReclaimAsync(capacity: 8)).ShouldBe(first);

        var reclaims = 0;
        foreach (var lease in leases)
        {
            var state = await _process.GetRequiredService<LeaseStreams>().ReadAsync(lease, Stop);
            reclaims += state.Events.Count(happened => happened.Event is LeaseEvent.ReclaimDecided);
        }
        reclaims.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_taken_where_nothing_is_short()
    {
        await LeasedAsync(2);

        (await ReclaimAsync(capacity: 64)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Direct_reclaims_give_the_same_notices()
    {
        await LeasedAsync(2);

        await _process.GetRequiredService<IReclaimWaves>().BeginAsync(LeaseWorld.Fleet, ShortageOf(capacity: 8), Stop);

        _process.GetRequiredService<IReclaimWaves>().ShouldBeOfType<DirectReclaims>();
        (await ReclaimAsync(capacity: 8)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Notices_that_are_not_needed_any_more_are_withdrawn_and_not_given_again_soon()
    {
        var leases = await LeasedAsync(3);
        await ReclaimAsync(capacity: 8);

        var withdrawn = await ReclaimAsync(capacity: 16);
        var again = await ReclaimAsync(capacity: 0);

        // 12 GPUs are leased: of 8, 4 are free; of 16, 8.
        withdrawn.Count.ShouldBe(1);
        again.Count.ShouldBe(2);
        var statuses = new List<LeaseStatus>();
        foreach (var lease in leases)
        {
            statuses.Add((await StateAsync(lease)).Lease.Status);
        }
        statuses.Count(status => status == LeaseStatus.Active).ShouldBe(1);
    }

    [Fact]
    public async Task Operators_reclaim_is_not_withdrawn_when_demand_falls()
    {
        var lease = (await LeasedAsync(1))[0];
        var plans = _process.GetRequiredService<PlanReclaim>();
        var fleet = (await _process.GetRequiredService<FleetCatalog>().FindAsync(LeaseWorld.Fleet, Stop))!;
        var plan = await plans.PlanAsync(fleet, gpus: 4, Stop);
        await plans.ExecuteAsync(fleet, gpus: 4, plan.Token, Stop);

        await ReclaimAsync(capacity: 64);

        (await StateAsync(lease)).Lease.Status.ShouldBe(LeaseStatus.Reclaiming);
    }

    [Theory]
    [InlineData(64, LeaseStatus.Active)]
    [InlineData(3, LeaseStatus.Settled)]
    public async Task Firm_lease_fails_only_where_two_ticks_in_a_row_lack_its_gpus(double before, LeaseStatus status)
    {
        await LeasedAsync(0);
        var term = TimeSpan.FromHours(1);
        var lease = await _world.LeaseAsync(_process, "firm", LeaseTier.Firm, 4, term, Stop);

        await _process
            .GetRequiredService<ReclaimCapacity>()
            .RunAsync(LeaseWorld.Fleet, new(3, Demand: 0, Wall: 0.5, CapacityBefore: before), Stop);

        var now = (await StateAsync(lease!.Id)).Lease;
        (now.Status, now.Credits.Count).ShouldBe((status, status == LeaseStatus.Active ? 0 : 1));
    }

    [Fact]
    public async Task Spot_leases_are_warned_when_the_cushion_falls_below_the_limit_and_not_while_it_stays_there()
    {
        var lease = (await LeasedAsync(1))[0];

        await _world.MinuteAsync(_process, running: 28, healthy: 14, Stop);
        await _world.MinuteAsync(_process, running: 28, healthy: 14, Stop);

        var warning = (await StateAsync(lease))
            .Events.Select(happened => happened.Event)
            .OfType<LeaseEvent.CushionLow>()
            .ShouldHaveSingleItem();
        // The wall protects 7 of 14 GPUs; 4 are leased.
        warning.CushionGpus.ShouldBe(3);
    }

    private Task<LeaseState> StateAsync(LeaseId lease) =>
        _process.GetRequiredService<LeaseStreams>().ReadAsync(lease, Stop);

    /// <summary>So many leases of 4 GPUs each.</summary>
    private async Task<IReadOnlyList<LeaseId>> LeasedAsync(int leases)
    {
        await _world.RegisterAsync(_process, Stop);
        await _world.MinuteAsync(_process, running: 10, healthy: 64, Stop);
        var ids = new List<LeaseId>();
        for (var number = 0; number < leases; number++)
        {
            var term = TimeSpan.FromHours(1);
            var lease = await _world.LeaseAsync(_process, $"key-{number}", LeaseTier.Spot, 4, term, Stop);
            ids.Add(lease!.Id);
        }
        return ids;
    }

    private Task<IReadOnlyList<ReclaimNotice>> ReclaimAsync(double capacity) =>
        _process.GetRequiredService<ReclaimCapacity>().RunAsync(LeaseWorld.Fleet, ShortageOf(capacity), Stop);

    /// <summary>Half of what runs is protected: of 8 GPUs 4 are free.</summary>
    private static Shortage ShortageOf(double capacity) =>
        new(capacity, Demand: capacity, Wall: 0.5, CapacityBefore: 64);
}
