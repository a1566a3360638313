using System.Globalization;
using System.Text.Json.Nodes;
using DynamicSurplus.Local.Simulation;

namespace DynamicSurplus.Local.Chaos;

/// <summary>
/// The owner of the fleets: tells what its GPUs do, has capacity come and go, orders GPUs back, and corrects bills.
/// </summary>
internal sealed class ChaosOwner(ChaosClient client, ChaosLedger ledger, RandomStream dice)
{
    public const string Sku = "H100";

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    public static IReadOnlyList<string> Fleets { get; } = ["north", "south", "west"];

    /// <summary>
    /// An enforced wall at half of the GPUs: as many are always surplus, so that both tiers sell from the first tick.
    /// </summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        const string Policy = """
            {"wallEnforced":true,"wall":0.5,"minimumRunSeconds":0,"noticeSeconds":120,"termMinSeconds":60}
            """;
        foreach (var fleet in Fleets)
        {
            var body = $$"""{"region":"eu","sku":"{{Sku}}","policy":{{Policy}}}""";
            var answer = await client.SendAsync(HttpMethod.Put, $"v1/fleets/{fleet}", body, null, cancellationToken);
            if (!answer.IsSuccess)
            {
                throw new InvalidOperationException($"fleet {fleet} was refused: {answer.Body}");
            }
        }
    }

    /// <summary>Until cancelled. Once the market closes there is room for everything again.</summary>
    public async Task RunAsync(CancellationToken closing, CancellationToken cancellationToken)
    {
        var (healthy, turns) = (96, 0);
        for (var n = 0; ; n++)
        {
            if (--turns <= 0 || closing.IsCancellationRequested)
            {
                var draw = closing.IsCancellationRequested ? 0 : dice.NextUniform();
                healthy =
                    draw < 0.55 ? 96
                    : draw < 0.92 ? 32 + (int)(dice.NextUniform() * 24)
                    : 8;
                turns = 6 + (int)(dice.NextUniform() * 14);
            }
            await TellAsync(healthy, cancellationToken);
            if (!closing.IsCancellationRequested && n % 8 == 7)
            {
                await ReclaimAsync(cancellationToken);
                await CorrectAsync(n, cancellationToken);
            }
            await Task.Delay(Between, cancellationToken);
        }
    }

    private async Task TellAsync(int healthy, CancellationToken cancellationToken)
    {
        var host = await client.HostAsync(cancellationToken);
        var at = host.EngineTime(TimeProvider.System.GetUtcNow()).ToString("O", CultureInfo.InvariantCulture);
        var running = Math.Min(30, healthy / 2);
        var samples = Fleets.Select(fleet =>
            $$"""{"fleet":"{{fleet}}","at":"{{at}}","healthy":{{healthy}},"running":{{running}},"queued":0}"""
        );
        var body = $"[{string.Join(',', samples)}]";
        await client.SendAsync(HttpMethod.Post, "v1/telemetry", body, null, cancellationToken);
    }

    /// <summary>Has a plan made, and then done: what is done is what was planned.</summary>
    private async Task ReclaimAsync(CancellationToken cancellationToken)
    {
        var path = $"v1/fleets/{Fleets[(int)(dice.NextUniform() * Fleets.Count)]}/reclaim";
        var order = new JsonObject { ["gpus"] = 1 + (int)(dice.NextUniform() * 10) };
        var plan = await client.SendAsync(
            HttpMethod.Post,
            $"{path}?dryRun=true",
            order.ToJsonString(),
            null,
            cancellationToken
        );
        if (!plan.IsSuccess)
        {
            ledger.Violate($"{path}: a plan was answered {(int)plan.Status} {plan.Body}");
            return;
        }
        order["planToken"] = plan.Body.Text("planToken");
        var done = await client.SendAsync(HttpMethod.Post, path, order.ToJsonString(), null, cancellationToken);
        if (done.IsSuccess)
        {
            var (planned, given) = (Victims(plan), Victims(done));
            if (!string.Equals(planned, given, StringComparison.Ordinal))
            {
                ledger.Violate($"{path}: {planned} was planned, {given} was done");
            }
        }
        else if (done.Problem is not "urn:dynamic-surplus:problem:stale-reclaim-plan")
        {
            ledger.Violate($"{path}: its plan was answered {(int)done.Status} {done.Body}");
        }
    }

    /// <summary>Whom it takes how many from; what that costs changes by the second.</summary>
    private static string Victims(ChaosAnswer plan) =>
        string.Join(
            ", ",
            plan.Body.GetProperty("leases").EnumerateArray().Select(v => $"{v.Text("lease")} {v.Whole("gpus")}")
        );

    /// <summary>Usage heard of late: sent twice, charged once.</summary>
    private async Task CorrectAsync(int n, CancellationToken cancellationToken)
    {
        if (ledger.Promises.FirstOrDefault(p => p is { IsCorrectable: true, Corrections: 0 }) is not { } settled)
        {
            return;
        }
        settled.Corrections = 1;
        var body = $$"""{"correctionId":"late-{{n}}","gpuSeconds":60,"detail":"usage heard of late"}""";
        for (var time = 0; time < 2; time++)
        {
            var path = $"v1/leases/{settled.Id}/corrections";
            var answer = await client.SendAsync(HttpMethod.Post, path, body, null, cancellationToken);
            if (!answer.IsSuccess)
            {
                ledger.Violate(settled, $"a correction was answered {(int)answer.Status} {answer.Body}");
            }
        }
    }
}
