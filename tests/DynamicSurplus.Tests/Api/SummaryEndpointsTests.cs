using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class SummaryEndpointsTests
{
    [Fact]
    public async Task A_summary_has_the_use_of_the_gpus_and_what_is_owed()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var leases = new[] { await host.LeaseAsync(gpus: 8), await host.LeaseAsync(ApiHost.Globex, gpus: 4) };
        for (var tick = 0; tick < 3; tick++)
        {
            await host.TickAsync(running: 20, "alpha");
        }
        await host.SendAsync("POST", $"/v1/leases/{leases[0]}/end", ApiHost.Acme);
        await host.SendAsync("POST", $"/v1/leases/{leases[1]}/end", ApiHost.Globex);

        var summary = await host.GetAsync("/v1/summary", ApiHost.Auditor);

        summary.Status.ShouldBe(200, summary.Text);
        var effective = summary.Json.GetProperty("effectiveUtilization").GetDouble();
        var alone = summary.Json.GetProperty("internalUtilization").GetDouble();
        alone.ShouldBe(0.20, tolerance: 1e-6);
        effective.ShouldBeInRange(alone + 0.01, 0.32 + 1e-6);
        (summary["leases"], summary["reclaimed"]).ShouldBe(("2", "0"));
        summary.Json.GetProperty("firmOverrunFleets").GetArrayLength().ShouldBe(0);
        // 180 s at 1.4625 USD per GPU-hour.
        Owed(summary).ShouldBe(["acme 0.585000 USD", "globex 0.292500 USD"]);
        summary.Json.GetProperty("revenue").GetProperty("amount").GetString().ShouldBe("0.877500");
        var alpha = summary.Json.GetProperty("fleets").EnumerateArray().ShouldHaveSingleItem();
        alpha.GetProperty("fleet").GetString().ShouldBe("alpha");
        var total = summary.Json.GetProperty("total");
        total
            .GetProperty("idleGpuHours")
            .GetDouble()
            .ShouldBeLessThan(total.GetProperty("capacityGpuHours").GetDouble());
    }

    private static IEnumerable<string> Owed(ApiHost.Answer summary) =>
        summary
            .Json.GetProperty("owed")
            .EnumerateArray()
            .Select(owed =>
                $"{owed.GetProperty("tenant")} {owed.GetProperty("amount").GetProperty("amount")} "
                + $"{owed.GetProperty("amount").GetProperty("currency")}"
            );
}
