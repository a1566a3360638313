using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>The process is killed at every call to storage, in turn, before and after it; another takes over.</summary>
public sealed class CrashTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Script_without_a_crash_leases_reclaims_and_settles()
    {
        var world = new LeaseWorld();
        await using var process = world.Start(new CrashPoint(0, afterTheWrite: false));

        await ScriptAsync(world, process);
        var audit = await RecoverAsync(world);

        audit.Findings.ShouldBeEmpty();
        audit.Leases.Select(lease => lease.Status).ShouldAllBe(status => status == LeaseStatus.Settled);
        audit.Leases.Select(lease => lease.EndReason).ShouldContain(EndReason.Reclaimed);
        audit.Leases.Select(lease => lease.EndReason).ShouldContain(EndReason.TermOver);
        audit.Leases.Select(lease => lease.EndReason).ShouldContain(EndReason.EndedByCustomer);
        audit.Notices.ShouldAllBe(notice => notice.IsKept);
        audit.TakenGpus.ShouldBe(0);
        audit.Revenue.Value.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Crash_at_any_call_loses_and_doubles_nothing(bool afterTheWrite)
    {
        var crashes = 0;
        for (var call = 1; ; call++)
        {
            var point = new CrashPoint(call, afterTheWrite);
            var world = new LeaseWorld();
            await using (var process = world.Start(point))
            {
                try
                {
                    await ScriptAsync(world, process);
                }
                catch (CrashException)
                {
                    // As meant: whoever waited for an answer got none.
                }
            }
            if (!point.HasCrashed)
            {
                break;
            }
            crashes++;

            var audit = await RecoverAsync(world);

            audit.Findings.ShouldBeEmpty($"killed at call {call}");
            audit.TakenGpus.ShouldBe(0, $"killed at call {call}");
            audit.Leases.ShouldAllBe(lease =>
                lease.Status == LeaseStatus.Settled || lease.Status == LeaseStatus.Lapsed
            );
            audit.Notices.ShouldAllBe(notice => notice.IsKept);
        }
        crashes.ShouldBeGreaterThan(100);
    }

    /// <summary>
    /// Two spot leases and a firm one; one ends early, capacity falls until a spot lease must yield, terms run out.
    /// </summary>
    private static async Task ScriptAsync(LeaseWorld world, IServiceProvider process)
    {
        await world.RegisterAsync(process, Stop);
        await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        await world.LeaseAsync(process, "spot-a", LeaseTier.Spot, 12, TimeSpan.FromMinutes(30), Stop);
        await world.LeaseAsync(process, "spot-b", LeaseTier.Spot, 8, TimeSpan.FromMinutes(10), Stop);
        var firm = await world.LeaseAsync(process, "firm", LeaseTier.Firm, 4, TimeSpan.FromMinutes(20), Stop);
        await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        if (firm is not null)
        {
            var clock = process.GetRequiredService<Engine.EngineClock>();
            var end = new LeaseCommand.End(Measures.CommandId.From("end"), clock.UtcNow, clock.Tick);
            await process.GetRequiredService<HandleLeaseCommand>().RunAsync(firm.Id, end, Stop);
        }
        for (var minute = 0; minute < 5; minute++)
        {
            await world.MinuteAsync(process, running: 16, healthy: 32, Stop);
        }
        for (var minute = 0; minute < 10; minute++)
        {
            await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        }
    }

    /// <summary>A process that lives: it meets what was left, and time does the rest.</summary>
    private static async Task<AuditReport> RecoverAsync(LeaseWorld world)
    {
        await using var process = world.Start(new CrashPoint(0, afterTheWrite: false));
        await world.RegisterAsync(process, Stop);
        for (var minute = 0; minute < 60; minute++)
        {
            await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        }
        return await process.GetRequiredService<AuditBooks>().RunAsync(Stop);
    }
}
