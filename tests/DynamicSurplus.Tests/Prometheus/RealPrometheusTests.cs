using DynamicSurplus.Cloud;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Prometheus;

/// <summary>From an exporter through a real Prometheus to the rate that the API gives.</summary>
public sealed class RealPrometheusTests(PrometheusFixture prometheus) : IClassFixture<PrometheusFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exported_gpus_come_to_be_priced()
    {
        var server = await prometheus.AddressAsync();
        await using var host = await ApiHost.StartAsync(services => services.AddPrometheus());
        await RegisterAsync(host, server, "alpha", "sum(gpus_queued{pool=\"a\"})");

        var result = await PullAsync(host);
        await host.TickAsync(running: 0);

        result.ShouldBe(new PullResult(1, 0));
        var rate = await host.GetAsync("/v1/rates/alpha", ApiHost.Acme);
        rate.Status.ShouldBe(200, rate.Text);
        var explained = await host.GetAsync("/v1/rates/alpha/explain", ApiHost.Operator);
        var inputs = explained.Json.GetProperty("inputs");
        inputs.GetProperty("capacityGpus").GetDouble().ShouldBe(100); // 65,000 W at the 650 W that the query gives
        inputs.GetProperty("demandGpus").GetDouble().ShouldBe(20.5 + 12 + 7);
    }

    [Fact]
    public async Task Fleets_that_ask_what_prometheus_cannot_give_are_told_why_and_the_others_are_pulled()
    {
        var server = await prometheus.AddressAsync();
        await using var host = await ApiHost.StartAsync(services => services.AddPrometheus());
        (string Fleet, string Queued, string Problem, string Fix)[] wrong =
        [
            ("empty", "sum(gpus_queued{pool=\"b\"})", "gave no value", "or vector(0)"),
            ("several", "gpus_running", "gave 2 series", "sum()"),
            ("nan", "0 / sum(gpus_queued{pool=\"a\"} - 7)", "gave NaN", "one finite number"),
            ("range", "gpus_queued[5m]", "gave a matrix", "without a range"),
            ("syntax", "sum(", "400, bad_data: ", "correct the query"),
            ("twofold", "gpus_running * on(pool) gpus_healthy", "422, execution: ", "correct the query"),
        ];
        await RegisterAsync(host, server, "alpha", "sum(gpus_queued{pool=\"b\"}) or vector(0)");
        foreach (var one in wrong)
        {
            await RegisterAsync(host, server, one.Fleet, one.Queued);
        }

        var result = await PullAsync(host);

        result.ShouldBe(new PullResult(1, wrong.Length));

        foreach (var one in wrong)
        {
            var status = (await host.GetAsync($"/v1/fleets/{one.Fleet}", ApiHost.Operator)).Json.GetProperty("status");
            var latest = status.GetProperty("refusals").GetProperty("latest")[0];
            latest.GetProperty("field").GetString().ShouldBe("queued");
            latest.GetProperty("problem").GetString().ShouldNotBeNull().ShouldContain(one.Problem);
            latest.GetProperty("fix").GetString().ShouldNotBeNull().ShouldContain(one.Fix);
        }
    }

    private static Task<PullResult> PullAsync(ApiHost host) =>
        host.Services.GetRequiredService<PullTelemetry>().RunAsync(Cancel);

    private static async Task RegisterAsync(ApiHost host, Uri server, string fleet, string queued)
    {
        var answer = await host.SendAsync(
            "PUT",
            $"/v1/fleets/{fleet}",
            ApiHost.Operator,
            new
            {
                region = "eu-north-1",
                sku = "H100",
                policy = new { wallEnforced = true },
                power = new { budgetWatts = 65_000, wattsPerGpu = 1_000 },
                telemetry = new
                {
                    prometheus = new
                    {
                        server,
                        healthy = "sum(gpus_healthy{pool=\"a\"})",
                        running = "sum(gpus_running{pool=\"a\"})",
                        queued,
                        watts = "avg(gpu_watts{pool=\"a\"})",
                    },
                },
            }
        );
        answer.Status.ShouldBe(201, answer.Text);
    }
}
