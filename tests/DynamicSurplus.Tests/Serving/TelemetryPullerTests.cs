using System.Net.Http.Json;
using System.Text.Json;
using DynamicSurplus.Tests.Commands;
using DynamicSurplus.Tests.Prometheus;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Serving;

public sealed class TelemetryPullerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("surplus-puller-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Host_pulls_every_tick_and_prices_what_it_was_told()
    {
        await using var prometheus = await StandIn.StartAsync(
            (http, query, _) => http.Response.WriteAsync(StandIn.Vector(query == "healthy" ? "64" : "8"), Stop)
        );
        await using var surplus = SurplusProcess.Start([
            "serve",
            "--storage",
            "memory",
            "--data",
            _folder,
            "--port",
            "0",
            "--speed",
            "60",
        ]);
        await surplus.LineAsync("ready:", Stop);
        using var api = await ApiAsync();
        using var put = await api.PutAsJsonAsync(
            "/v1/fleets/alpha",
            new
            {
                region = "eu",
                sku = "H100",
                telemetry = new
                {
                    prometheus = new
                    {
                        server = new Uri(prometheus.Address, "/base"),
                        healthy = "healthy",
                        running = "running",
                        queued = "queued",
                    },
                },
            },
            Stop
        );
        put.EnsureSuccessStatusCode();

        while (prometheus.Asked.Select(form => form["time"]).Distinct(StringComparer.Ordinal).Count() < 3)
        {
            await Task.Delay(50, Stop);
        }

        var inputs = (await api.GetFromJsonAsync<JsonElement>("/v1/rates/alpha/explain", Stop)).GetProperty("inputs");
        inputs.GetProperty("capacityGpus").GetDouble().ShouldBe(64);
        inputs.GetProperty("demandGpus").GetDouble().ShouldBe(16);
    }

    private async Task<HttpClient> ApiAsync()
    {
        var host = await ReadAsync(Path.Combine(_folder, "host.json"));
        var keys = await ReadAsync(host.GetProperty("keysFile").GetString()!);
        var api = new HttpClient { BaseAddress = new Uri(host.GetProperty("address").GetString()!) };
        api.DefaultRequestHeaders.Authorization = new("Bearer", keys.GetProperty("operator").GetString());
        return api;
    }

    private static async Task<JsonElement> ReadAsync(string path) =>
        JsonElement.Parse(await File.ReadAllBytesAsync(path, Stop));
}
