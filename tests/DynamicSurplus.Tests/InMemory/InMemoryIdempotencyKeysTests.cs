using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.InMemory;

public sealed class InMemoryIdempotencyKeysTests
{
    private static readonly DateTimeOffset Noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    [Fact]
    public async Task Keys_that_nobody_asks_for_are_let_go_after_their_day()
    {
        var stop = TestContext.Current.CancellationToken;
        var keys = new InMemoryIdempotencyKeys();
        foreach (var key in (string[])["in flight", "answered late", "given up"])
        {
            await keys.TryClaimAsync(Tenant, key, "hash", Noon, TimeSpan.FromSeconds(30), stop);
        }
        await keys.AbandonAsync(Tenant, "given up", stop);
        var late = Noon.AddHours(1);
        await keys.CompleteAsync(Tenant, "answered late", "hash", new(204, "", null, default), late, stop);
        keys.Count.ShouldBe(2);

        await keys.TryClaimAsync(Tenant, "a day later", "hash", Noon.AddHours(24.5), TimeSpan.FromSeconds(30), stop);
        keys.Count.ShouldBe(2, "the answer of an hour later and the new claim");
        await keys.TryClaimAsync(Tenant, "later still", "hash", Noon.AddHours(25.5), TimeSpan.FromSeconds(30), stop);

        keys.Count.ShouldBe(2, "the two new claims");
    }
}
