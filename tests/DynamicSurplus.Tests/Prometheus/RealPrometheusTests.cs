using System.Diagnostics;
using DynamicSurplus.Cloud;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Prometheus;

/// <summary>From an exporter through a real Prometheus to the rate that the API gives.</summary>
public sealed class RealPrometheusTests
{
    private const string Metrics = """
        gpus_healthy{pool="a",host="1"} 60
        gpus_healthy{pool="a",host="2"} 68
        gpus_running{pool="a",team="x"} 20.5
        gpus_running{pool="a",team="y"} 12
        gpus_queued{pool="a"} 7
        gpu_watts{pool="a",host="1"} 600
        gpu_watts{pool="a",host="2"} 700

        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exported_gpus_come_to_be_priced()
    {
        await using var prometheus = await PrometheusServer.StartAsync(() => Metrics);
        await using var host = await ApiHost.StartAsync(services => services.AddPrometheus());
        await RegisterAsync(host, prometheus, "alpha", "sum(gpus_queued{pool=\"a\"})");

        await PulledAsync(host, pulled: 1, failed: 0);
        await host.TickAsync(running: 0);

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
        await using var prometheus = await PrometheusServer.StartAsync(() => Metrics);
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
        await RegisterAsync(host, prometheus, "alpha", "sum(gpus_queued{pool=\"b\"}) or vector(0)");
        foreach (var one in wrong)
        {
            await RegisterAsync(host, prometheus, one.Fleet, one.Queued);
        }

        await PulledAsync(host, pulled: 1, failed: wrong.Length);

        foreach (var one in wrong)
        {
            var status = (await host.GetAsync($"/v1/fleets/{one.Fleet}", ApiHost.Operator)).Json.GetProperty("status");
            var latest = status.GetProperty("refusals").GetProperty("latest")[0];
            latest.GetProperty("field").GetString().ShouldBe("queued");
            latest.GetProperty("problem").GetString().ShouldNotBeNull().ShouldContain(one.Problem);
            latest.GetProperty("fix").GetString().ShouldNotBeNull().ShouldContain(one.Fix);
        }
    }

    /// <summary>Pulls until Prometheus has scraped what the fleets ask for.</summary>
    private static async Task PulledAsync(ApiHost host, int pulled, int failed)
    {
        var since = Stopwatch.GetTimestamp();
        var pull = host.Services.GetRequiredService<PullTelemetry>();
        while (await pull.RunAsync(Cancel) is var result && result != new PullResult(pulled, failed))
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromMinutes(1), result.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancel);
        }
    }

    private static async Task RegisterAsync(ApiHost host, PrometheusServer prometheus, string fleet, string queued)
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
                        server = prometheus.Address,
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
