using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class LateNoticeTests
{
    private const string Late = "surplus.notices.late 1";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A process dies between the decision and its notice; whoever wakes the lease sends it.</summary>
    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public async Task Notice_is_counted_as_late_past_its_limit(int seconds, bool isLate)
    {
        var world = new LeaseWorld();
        await using var process = world.Start();
        using var measured = new Measured();
        await world.RegisterAsync(process, Stop);
        await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        var lease = await world.LeaseAsync(process, "key", LeaseTier.Spot, 8, TimeSpan.FromMinutes(30), Stop);
        var (clock, streams) = (process.GetRequiredService<EngineClock>(), process.GetRequiredService<LeaseStreams>());
        var decide = new LeaseCommand.Reclaim(
            CommandId.From("reclaim"),
            clock.UtcNow,
            clock.Tick,
            ReclaimReason.InternalDemand
        );
        await streams.AppendAsync(await streams.ReadAsync(lease!.Id, Stop), decide, [], Stop);
        world.Time.Advance(TimeSpan.FromSeconds(seconds));

        var wake = new LeaseCommand.Wake(CommandId.From("wake"), clock.UtcNow, clock.Tick);
        var outcome = await process.GetRequiredService<HandleLeaseCommand>().RunAsync(lease.Id, wake, Stop);

        outcome.Lease.NoticeDeadline.ShouldBe(world.Time.GetUtcNow() + lease.Terms!.Notice);
        measured.Seen.Count(seen => seen == Late).ShouldBe(isLate ? 1 : 0);
    }
}
