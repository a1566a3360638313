using System.Globalization;
using System.Text;
using System.Text.Json;
using DynamicSurplus.Cloud;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Tests.Commands;
using DynamicSurplus.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// The real host on a real Azurite, killed with leases in flight, twice; the storage is never killed.
/// </summary>
public sealed class KilledHostTests
{
    private static readonly string[] Fleets = ["north", "south"];

    /// <summary>
    /// A quote's life and grace on the wall, and a look at it: then nothing of a request cut off is left.
    /// </summary>
    private static readonly TimeSpan OrphansGoIn = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_host_goes_on_where_it_was_and_everything_agrees()
    {
        await AzuriteFixture.InstallAsync();
        var folder = Directory.CreateTempSubdirectory("surplus-killed-").FullName;
        try
        {
            for (var round = 1; round <= 2; round++)
            {
                await using var host = await ServeAsync(folder, "--market", "strong");
                await FeedUntilAsync(
                    folder,
                    async api =>
                        (await StatusesAsync(api)).Count(s => s is "active" or "reclaiming" or "settled") >= 3 * round
                );
                await host.KillAsync(Stop);
            }
            await using (var last = await ServeAsync(folder))
            {
                var since = TimeProvider.System.GetTimestamp();
                await FeedUntilAsync(
                    folder,
                    async api =>
                        (await StatusesAsync(api)).All(status => status is "settled" or "lapsed")
                        && TimeProvider.System.GetElapsedTime(since) > OrphansGoIn
                );
                await last.TerminateAsync(Stop);
                last.ExitCode.ShouldBe(0, last.Errors);
            }

            var audit = await AuditAsync(folder);

            audit.Findings.ShouldBeEmpty();
            audit.TakenGpus.ShouldBe(0);
            audit.Leases.Count(lease => lease.Status == LeaseStatus.Settled).ShouldBeGreaterThanOrEqualTo(6);
            audit.Notices.ShouldAllBe(notice => notice.IsKept);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<SurplusProcess> ServeAsync(string folder, params string[] more)
    {
        var host = SurplusProcess.Start(["serve", "--data", folder, "--port", "0", "--speed", "300", .. more]);
        await host.LineAsync("ready:", Stop);
        return host;
    }

    private static async Task FeedUntilAsync(string folder, Func<HttpClient, Task<bool>> done)
    {
        var host = await ReadAsync(Path.Combine(folder, "host.json"));
        var keys = await ReadAsync(host.GetProperty("keysFile").GetString()!);
        using var api = new HttpClient { BaseAddress = new Uri(host.GetProperty("address").GetString()!) };
        api.DefaultRequestHeaders.Authorization = new("Bearer", keys.GetProperty("operator").GetString());
        foreach (var fleet in Fleets)
        {
            const string Body = """{"region":"eu","sku":"H100","policy":{"wallEnforced":true,"wall":0.5}}""";
            using var answer = await api.PutAsync($"v1/fleets/{fleet}", Json(Body), Stop);
            answer.EnsureSuccessStatusCode();
        }
        for (var turn = 0; !await done(api); turn++)
        {
            // Capacity comes and goes, so that leases are reclaimed too.
            var (healthy, running) = turn % 20 < 15 ? (96, 30) : (56, 28);
            var at = EngineTime(host).ToString("O", CultureInfo.InvariantCulture);
            var samples = Fleets.Select(fleet =>
                $$"""{"fleet":"{{fleet}}","at":"{{at}}","healthy":{{healthy}},"running":{{running}},"queued":0}"""
            );
            using var answer = await api.PostAsync("v1/telemetry", Json($"[{string.Join(',', samples)}]"), Stop);
            answer.EnsureSuccessStatusCode();
            await Task.Delay(200, Stop);
        }
    }

    internal static DateTimeOffset EngineTime(JsonElement host)
    {
        var passed = DateTimeOffset.UtcNow - host.GetProperty("wallAnchor").GetDateTimeOffset();
        return host.GetProperty("anchor").GetDateTimeOffset() + (passed * host.GetProperty("speed").GetDouble());
    }

    private static async Task<string[]> StatusesAsync(HttpClient api)
    {
        using var page = JsonDocument.Parse(await api.GetStringAsync("v1/leases?limit=1000", Stop));
        return
        [
            .. page
                .RootElement.GetProperty("leases")
                .EnumerateArray()
                .Select(l => l.GetProperty("status").GetString()!),
        ];
    }

    internal static async Task<AuditReport> AuditAsync(string folder)
    {
        await using var azurite = await AzuriteServer.StartAsync(
            await AzuriteFixture.InstallAsync(),
            new AzuriteOptions { DataFolder = folder },
            Stop
        );
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddAzureStorage(StorageClients.From(azurite.ConnectionString));
        services.AddEngine(new EngineOptions(), new WebhookOptions(new byte[WebhookOptions.MinSecretBytes]));
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<AuditBooks>().RunAsync(Stop);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    internal static async Task<JsonElement> ReadAsync(string path) =>
        JsonElement.Parse(await File.ReadAllBytesAsync(path, Stop));
}
