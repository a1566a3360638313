using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class WakeLeaseTests : IAsyncDisposable
{
    private readonly LeaseWorld _world = new();
    private readonly FailingPublisher _publisher = new();
    private readonly ServiceProvider _process;

    public WakeLeaseTests() => _process = _world.Start(publisher: _publisher);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _world.Time.GetUtcNow();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [Fact]
    public async Task Early_wake_up_changes_nothing_and_gives_its_time()
    {
        var lease = await LeasedAsync();
        var before = await TableAsync();
        var early = before[0];
        var version = await VersionAsync(lease.Id);

        var next = await WakeAsync(early);

        early.At.ShouldBeGreaterThan(Now);
        next.ShouldBe(early.At);
        (await TableAsync()).ShouldBe(before);
        (await VersionAsync(lease.Id)).ShouldBe(version);
    }

    [Fact]
    public async Task Due_wake_up_gives_when_to_look_next_and_goes()
    {
        var lease = await LeasedAsync();
        var lapse = (await TableAsync())[0];
        _world.Time.Advance(lapse.At - Now);

        (await WakeAsync(lapse)).ShouldBe(lease.EndsAt);

        (await TableAsync()).ShouldNotContain(lapse);
    }

    [Fact]
    public async Task Lease_that_is_over_is_not_looked_at_again()
    {
        var lease = await LeasedAsync();
        DateTimeOffset? next = lease.EndsAt;
        for (var look = 0; look < 5 && next is { } at; look++)
        {
            _world.Time.Advance(at - Now);
            next = await WakeAsync(new(lease.Id, LeaseWorld.Fleet, at));
        }

        next.ShouldBeNull();
        (await StateAsync(lease.Id)).Lease.Status.ShouldBe(LeaseStatus.Settled);
        (await StateAsync(lease.Id)).Pending.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_could_not_be_done_is_looked_at_again_within_the_tick()
    {
        var lease = await LeasedAsync();
        _publisher.Failures = int.MaxValue;
        _world.Time.Advance(lease.EndsAt!.Value - Now);

        var next = await WakeAsync(new(lease.Id, LeaseWorld.Fleet, lease.EndsAt.Value));

        next.ShouldBe(Now.AddSeconds(15));
        (await TableAsync()).ShouldContain(new Wakeup(lease.Id, LeaseWorld.Fleet, next!.Value));
    }

    [Fact]
    public async Task Sweep_wakes_what_is_overdue_and_leaves_the_rest()
    {
        var wakeups = _process.GetRequiredService<IWakeups>();
        var seconds = new[] { -61, -60, -59, 1 };
        foreach (var second in seconds)
        {
            var lease = LeaseId.For(LeaseWorld.Tenant, $"{second}");
            await wakeups.ScheduleAsync(new(lease, LeaseWorld.Fleet, Now.AddSeconds(second)), Stop);
        }

        var handled = await _process.GetRequiredService<SweepLeases>().RunAsync(TimeSpan.FromMinutes(1), Stop);

        handled.ShouldBe(2);
        (await TableAsync()).Select(wakeup => (wakeup.At - Now).TotalSeconds).ShouldBe([-59, 1]);
    }

    private async Task<Lease> LeasedAsync()
    {
        await _world.RegisterAsync(_process, Stop);
        await _world.MinuteAsync(_process, running: 10, healthy: 64, Stop);
        var lease = await _world.LeaseAsync(_process, "key", LeaseTier.Spot, 4, TimeSpan.FromHours(1), Stop);
        lease!.Status.ShouldBe(LeaseStatus.Active);
        return lease;
    }

    private Task<DateTimeOffset?> WakeAsync(Wakeup wakeup) =>
        _process.GetRequiredService<WakeLease>().RunAsync(wakeup, Stop);

    private Task<IReadOnlyList<Wakeup>> TableAsync() =>
        _process.GetRequiredService<IWakeups>().DueAsync(DateTimeOffset.MaxValue, 100, Stop);

    private Task<LeaseState> StateAsync(LeaseId lease) =>
        _process.GetRequiredService<LeaseStreams>().ReadAsync(lease, Stop);

    private async Task<long> VersionAsync(LeaseId lease) => (await StateAsync(lease)).Lease.Version;
}
