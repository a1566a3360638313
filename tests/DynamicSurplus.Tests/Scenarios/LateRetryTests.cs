using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// A customer tries a request again so late that its lease is long over, and even the tombstone that would have refused
/// it is gone.
/// </summary>
public sealed class LateRetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Late_retry_of_a_request_holds_no_GPUs()
    {
        var world = new LeaseWorld();
        await using var process = world.Start();
        await OverAsync(world, process);

        await QuoteAsync(process);

        await ShouldHoldNothingAsync(world, process);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Late_retry_that_is_killed_at_any_call_holds_no_GPUs_for_long(bool afterTheWrite)
    {
        for (var call = 1; ; call++)
        {
            var world = new LeaseWorld();
            await using (var process = world.Start())
            {
                await OverAsync(world, process);
            }
            var point = new CrashPoint(call, afterTheWrite);
            await using (var killed = world.Start(point))
            {
                try
                {
                    await QuoteAsync(killed);
                }
                catch (CrashException)
                {
                    // As meant.
                }
            }
            await using var next = world.Start();
            (await next.GetRequiredService<AuditBooks>().RunAsync(Stop)).Findings.ShouldBeEmpty($"killed at {call}");
            await ShouldHoldNothingAsync(world, next);
            if (!point.HasCrashed)
            {
                call.ShouldBeGreaterThan(5);
                return;
            }
        }
    }

    /// <summary>A quote lapses, and twenty minutes pass.</summary>
    private static async Task OverAsync(LeaseWorld world, IServiceProvider process)
    {
        await world.RegisterAsync(process, Stop);
        await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        await QuoteAsync(process);
        for (var minute = 0; minute < 20; minute++)
        {
            await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        }
        var reservations = await process.GetRequiredService<ICapacityBooks>().ListAsync(LeaseWorld.Fleet, Stop);
        reservations.ShouldBeEmpty("the tombstone is gone");
    }

    private static Task<QuoteAnswer> QuoteAsync(IServiceProvider process)
    {
        var term = TimeSpan.FromMinutes(10);
        var request = new LeaseRequest(LeaseWorld.Tenant, LeaseTier.Spot, 12, term, Fleet: LeaseWorld.Fleet);
        return process.GetRequiredService<RequestQuote>().RunAsync(request, "late", "hash-late", Stop);
    }

    private static async Task ShouldHoldNothingAsync(LeaseWorld world, IServiceProvider process)
    {
        for (var minute = 0; minute < 3; minute++)
        {
            await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        }
        var audit = await process.GetRequiredService<AuditBooks>().RunAsync(Stop);
        audit.TakenGpus.ShouldBe(0);
        audit.Findings.ShouldBeEmpty();
    }
}
