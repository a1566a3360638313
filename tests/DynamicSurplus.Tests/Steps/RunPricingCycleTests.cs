using DynamicSurplus.Engine;
using DynamicSurplus.Tests.Api;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class RunPricingCycleTests
{
    [Fact]
    public async Task Stale_fleets_are_counted_at_each_tick()
    {
        await using var host = await ApiHost.StartAsync();
        await host.RegisterAsync("alpha");
        await host.RegisterAsync("beta");
        await host.RegisterAsync("gamma");
        using var measured = new Measured();

        await host.TickAsync(running: 20, "alpha", "beta");
        host.Time.Advance(new EngineOptions().RefuseAfter);
        await host.TickAsync(running: 20, "beta");
        await host.TickAsync(running: 20, "alpha", "beta", "gamma");

        measured
            .Seen.Where(line => line.StartsWith("surplus.fleets.stale", StringComparison.Ordinal))
            .ShouldBe([
                "surplus.fleets.stale 1 shard=0",
                "surplus.fleets.stale 2 shard=0",
                "surplus.fleets.stale 0 shard=0",
            ]);
    }
}
