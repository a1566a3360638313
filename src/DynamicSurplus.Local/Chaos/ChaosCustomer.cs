using System.Net;
using System.Text.Json.Nodes;
using DynamicSurplus.Local.Simulation;

namespace DynamicSurplus.Local.Chaos;

/// <summary>
/// A customer who asks for leases one after the other, uses them in every way there is, and holds the host to each
/// answer.
/// </summary>
internal sealed class ChaosCustomer(
    string tenant,
    int number,
    ChaosClient client,
    ChaosLedger ledger,
    RandomStream dice
)
{
    public string Tenant => tenant;

    /// <summary>Until the market closes; what was begun is brought to its end.</summary>
    public async Task RunAsync(CancellationToken closing, CancellationToken cancellationToken)
    {
        for (var n = 1; !closing.IsCancellationRequested; n++)
        {
            if (await QuoteAsync($"chaos-{number}-{n}", cancellationToken) is not { } promise)
            {
                await PauseAsync(300, cancellationToken);
                continue;
            }
            if (!promise.IsAccepted && !await AcceptAsync(promise, cancellationToken))
            {
                continue;
            }
            for (var steps = dice.NextUniform() * 5; steps > 1 && !closing.IsCancellationRequested; steps--)
            {
                await PauseAsync(1200, cancellationToken);
                await UseAsync(promise, (int)steps, cancellationToken);
            }
            if (dice.NextUniform() < 0.5)
            {
                await EndAsync(promise, cancellationToken);
            }
        }
    }

    /// <summary>Gives it back, if it is not over already.</summary>
    public async Task EndAsync(ChaosPromise promise, CancellationToken cancellationToken)
    {
        var path = $"v1/leases/{promise.Id}/end";
        var answer = await PostAsync(promise, path, null, $"end-{promise.Key}", cancellationToken);
        if (answer.IsSuccess && !HasEnded(answer))
        {
            ledger.Violate(promise, $"it was ended, and is {answer.Body.Text("status")}");
        }
    }

    private static bool HasEnded(ChaosAnswer answer) => answer.Body.Text("status") is "ended" or "settled" or "lapsed";

    /// <returns>Null where it is refused.</returns>
    private async Task<ChaosPromise?> QuoteAsync(string key, CancellationToken cancellationToken)
    {
        var request = Request();
        var path = dice.NextUniform() < 0.25 ? "v1/leases" : "v1/quotes";
        ledger.Ask(tenant, key);
        var answer = await client.SendAsync(HttpMethod.Post, path, request.ToJsonString(), key, cancellationToken);
        if (!answer.IsSuccess)
        {
            if (answer.Status is not (HttpStatusCode.Conflict or HttpStatusCode.Gone))
            {
                ledger.Violate($"{path} with key {key} was answered {(int)answer.Status} {answer.Body}");
            }
            return null;
        }
        var promise = new ChaosPromise(tenant, key, answer.Body)
        {
            IsAccepted = path is "v1/leases",
            GpusMayChange = request.ContainsKey("minGpus"),
            RateMayChange = request.ContainsKey("autoRenew"),
            SpendCap = (decimal?)request["spendCap"],
        };
        ledger.Promise(promise);
        ledger.Violate(promise, promise.Contradiction(answer.Body, least: 0));
        if (dice.NextUniform() < 0.2)
        {
            var again = await client.SendAsync(HttpMethod.Post, path, request.ToJsonString(), key, cancellationToken);
            ledger.Violate(promise, again.IsSuccess ? promise.Contradiction(again.Body, least: 0) : Said(again));
        }
        return promise;
    }

    private JsonObject Request()
    {
        var isSpot = dice.NextUniform() < 0.75;
        var gpus = 1 + (int)(dice.NextUniform() * 8);
        var request = new JsonObject
        {
            ["tier"] = isSpot ? "spot" : "firm",
            ["gpus"] = gpus,
            ["termSeconds"] = 60 * (2 + (int)(dice.NextUniform() * 12)),
        };
        if (dice.NextUniform() < 0.8)
        {
            request["fleet"] = ChaosOwner.Fleets[(int)(dice.NextUniform() * ChaosOwner.Fleets.Count)];
        }
        else
        {
            request["sku"] = ChaosOwner.Sku;
        }
        if (isSpot && gpus > 1 && dice.NextUniform() < 0.4)
        {
            request["minGpus"] = 1 + (int)(dice.NextUniform() * (gpus - 1));
        }
        if (isSpot && dice.NextUniform() < 0.4)
        {
            request["noticeSeconds"] = ((int[])[30, 120, 600])[(int)(dice.NextUniform() * 3)];
        }
        if (dice.NextUniform() < 0.15)
        {
            request["spendCap"] = 0.05m + (decimal)Math.Round(dice.NextUniform(), 2);
        }
        if (isSpot && dice.NextUniform() < 0.15)
        {
            request["autoRenew"] = true;
        }
        return request;
    }

    private async Task<bool> AcceptAsync(ChaosPromise promise, CancellationToken cancellationToken)
    {
        if (dice.NextUniform() < 0.15)
        {
            if (dice.NextUniform() < 0.5)
            {
                await EndAsync(promise, cancellationToken);
            }
            return false;
        }
        await PauseAsync(2000, cancellationToken);
        var body = new JsonObject { ["quoteId"] = promise.Id.ToString() };
        var answer = await PostAsync(promise, "v1/leases", body, $"accept-{promise.Key}", cancellationToken);
        if (answer.IsSuccess)
        {
            promise.IsAccepted = true;
            return true;
        }
        var isExpired = answer.Problem is "urn:dynamic-surplus:problem:quote-expired";
        if (!isExpired || answer.Host.EngineTime(TimeProvider.System.GetUtcNow()) < promise.ExpiresAt)
        {
            ledger.Violate(promise, $"it was accepted by {promise.ExpiresAt:O}, and refused: {Said(answer)}");
        }
        return false;
    }

    /// <summary>Looks at it, has it renewed, or drills a reclaim.</summary>
    private async Task UseAsync(ChaosPromise promise, int step, CancellationToken cancellationToken)
    {
        var path = $"v1/leases/{promise.Id}";
        var draw = dice.NextUniform();
        if (draw < 0.3)
        {
            promise.RateMayChange = true;
            var term = new JsonObject { ["termSeconds"] = 60 * (2 + (int)(dice.NextUniform() * 6)) };
            await PostAsync(promise, $"{path}/renew", term, $"renew-{step}-{promise.Key}", cancellationToken);
        }
        else if (draw < 0.5)
        {
            await PostAsync(
                promise,
                $"{path}/simulate-reclaim",
                null,
                $"drill-{step}-{promise.Key}",
                cancellationToken
            );
        }
        else
        {
            var least = promise.Rank;
            var lease = await client.GetAsync(path, cancellationToken);
            ledger.Violate(promise, lease.IsSuccess ? promise.Contradiction(lease.Body, least) : Said(lease));
            var events = await client.GetAsync($"{path}/events", cancellationToken);
            ledger.Violate(
                promise,
                events.IsSuccess
                    ? promise.Contradiction(events.Body.GetProperty("events").EnumerateArray())
                    : Said(events)
            );
        }
    }

    /// <summary>A refusal for the lease's state is fine; all else must agree with what was promised.</summary>
    private async Task<ChaosAnswer> PostAsync(
        ChaosPromise promise,
        string path,
        JsonObject? body,
        string key,
        CancellationToken cancellationToken
    )
    {
        var least = promise.Rank;
        var answer = await client.SendAsync(HttpMethod.Post, path, body?.ToJsonString(), key, cancellationToken);
        ledger.Violate(
            promise,
            answer.IsSuccess ? promise.Contradiction(answer.Body, least)
                : answer.Status is HttpStatusCode.Conflict or HttpStatusCode.Gone ? null
                : $"{path}: {Said(answer)}"
        );
        return answer;
    }

    private static string Said(ChaosAnswer answer) => $"the host said {(int)answer.Status} {answer.Body}";

    /// <param name="most">Milliseconds.</param>
    private Task PauseAsync(double most, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(most * dice.NextUniform()), cancellationToken);
}
