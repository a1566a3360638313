using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

/// <summary>What listeners hear of a lease, from its hold to its settlement.</summary>
public sealed class PublishedEventsTests
{
    private readonly LeaseWorld _world = new();
    private readonly FailingPublisher _publisher = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    public async Task Events_are_published_once_each_in_order_whatever_fails(int failures)
    {
        await using var process = _world.Start(publisher: _publisher);
        await _world.RegisterAsync(process, Stop);
        await _world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        _publisher.Failures = failures;

        var lease = await _world.LeaseAsync(process, "key", LeaseTier.Spot, 4, TimeSpan.FromMinutes(6), Stop);
        for (var minute = 0; minute < 40; minute++)
        {
            await _world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        }

        var state = await process.GetRequiredService<LeaseStreams>().ReadAsync(lease!.Id, Stop);
        state.Lease.Status.ShouldBe(LeaseStatus.Settled);
        state.Pending.ShouldBeEmpty();
        _publisher.Failures.ShouldBe(0);
        _publisher.Published.Select(happened => happened.Version).ShouldBe(state.Events.Select(e => e.Version));
    }
}
