using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Tests.Commands;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>
/// 64 customers fight over HTTP for the 24 GPUs that one fleet has on sale: the real host, on a real Azurite, for 10 s;
/// 30 s in the long mode.
/// </summary>
public sealed class LastGpusTests
{
    private const int Fighters = 64;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(LongMode.Of(10, 30));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixty_four_customers_are_never_sold_more_than_the_slice()
    {
        await AzuriteFixture.InstallAsync();
        var folder = Directory.CreateTempSubdirectory("surplus-arena-").FullName;
        try
        {
            var keys = await KeysAsync(folder);
            await using (var host = SurplusProcess.Start("serve", "--data", folder, "--port", "0", "--speed", "60"))
            {
                await host.LineAsync("ready:", Stop);
                await FightAsync(folder, keys);
                await host.TerminateAsync(Stop);
                host.ExitCode.ShouldBe(0, host.Errors);
            }

            var audit = await KilledHostTests.AuditAsync(folder);

            audit.Findings.ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "The watch is awaited before its client goes.")]
    private static async Task FightAsync(string folder, string[] keys)
    {
        var host = await KilledHostTests.ReadAsync(Path.Combine(folder, "host.json"));
        var address = new Uri(host.GetProperty("address").GetString()!);
        using (var owner = Client(address, keys[^1]))
        {
            await OpenAsync(owner, host);
        }
        var arena = new Arena();
        var fighters = keys[..^1].Select((key, number) => new Fighter(address, key, number, arena)).ToArray();
        using var round = new CancellationTokenSource(Round);
        var watch = WatchAsync(address, keys[^1], host, round.Token);

        var fights = Task.WhenAll(fighters.Select(fighter => fighter.RunAsync(round.Token, Stop)));
        await fights.WaitAsync(Round + TimeSpan.FromSeconds(60), Stop); // else: a deadlock

        var (samples, mostSold) = await watch;
        var shares = Array.ConvertAll(fighters, fighter => fighter.Won);
        Array.ForEach(fighters, fighter => fighter.Dispose());
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{shares.Sum()} GPUs won by {shares.Count(share => share > 0)} of {Fighters}, least {shares.Min()}, "
                    + $"most {shares.Max()}, Jain {Arena.Jain(shares):0.000}; "
            )
                + $"sold at once {mostSold} of {Arena.Slice} in {samples} samples, used at once {arena.MostTaken}; "
                + string.Join(", ", arena.Answers.OrderBy(a => a.Key).Select(a => $"{a.Key}: {a.Value}"))
        );
        samples.ShouldBeGreaterThan(5);
        shares.Sum().ShouldBeGreaterThan(Arena.Slice);
        arena.Answers.Keys.ShouldContain(409, "nobody was ever refused: it was no fight");
    }

    /// <summary>Keys of 64 customers, and the operator's behind them, in the file that the host finds.</summary>
    private static async Task<string[]> KeysAsync(string folder)
    {
        var customers = Enumerable.Range(0, Fighters).ToDictionary(n => $"fighter-{n}", _ => ApiKey.NewSecret());
        var (owner, other) = (ApiKey.NewSecret(), ApiKey.NewSecret());
        var file = JsonSerializer.Serialize(
            new
            {
                @operator = owner,
                auditor = other,
                webhookSecret = other,
                customers,
            }
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "keys.json"), file, Stop);
        return [.. customers.Values, owner];
    }

    private static async Task OpenAsync(HttpClient owner, JsonElement host)
    {
        const string Body =
            """{"region":"eu","sku":"H100","policy":{"wallEnforced":true,"wall":0.5,"minimumRunSeconds":0}}""";
        using var made = await owner.PutAsync($"v1/fleets/{Arena.Fleet}", Json(Body), Stop);
        made.EnsureSuccessStatusCode();
        HttpResponseMessage priced;
        do
        {
            await ReportAsync(owner, host);
            await Task.Delay(200, Stop);
            priced = await owner.GetAsync($"v1/rates/{Arena.Fleet}", Stop);
        } while (!priced.IsSuccessStatusCode);
    }

    /// <summary>Samples what is sold, as the operator sees it, and keeps the telemetry fresh.</summary>
    private static async Task<(int Samples, int MostSold)> WatchAsync(
        Uri address,
        string key,
        JsonElement host,
        CancellationToken round
    )
    {
        using var owner = Client(address, key);
        var (samples, most) = (0, 0);
        for (; !round.IsCancellationRequested; samples++)
        {
            if (samples % 10 == 0)
            {
                await ReportAsync(owner, host);
            }
            using var fleet = JsonDocument.Parse(await owner.GetStringAsync($"v1/fleets/{Arena.Fleet}", Stop));
            var status = fleet.RootElement.GetProperty("status");
            var sold = status.GetProperty("leasedGpus").GetInt32() + status.GetProperty("heldGpus").GetInt32();
            sold.ShouldBeLessThanOrEqualTo(Arena.Slice);
            most = Math.Max(most, sold);
            await Task.Delay(25, Stop);
        }
        return (samples, most);
    }

    private static async Task ReportAsync(HttpClient owner, JsonElement host)
    {
        var at = KilledHostTests.EngineTime(host).ToString("O", CultureInfo.InvariantCulture);
        var sample = $$"""[{"fleet":"{{Arena.Fleet}}","at":"{{at}}","healthy":48,"running":24,"queued":0}]""";
        using var answer = await owner.PostAsync("v1/telemetry", Json(sample), Stop);
        answer.EnsureSuccessStatusCode();
    }

    private static HttpClient Client(Uri address, string key)
    {
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
