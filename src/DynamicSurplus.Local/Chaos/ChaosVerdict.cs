using System.Text.Json;

namespace DynamicSurplus.Local.Chaos;

/// <summary>
/// Holds a lease that is over to all that was promised, by what its customer can read: its events and its statement,
/// added up here by other means than the host's.
/// </summary>
internal sealed class ChaosVerdict(ChaosLedger ledger)
{
    private const decimal SecondsAnHour = 3600;

    public async Task JudgeAsync(ChaosPromise promise, ChaosClient client, CancellationToken cancellationToken)
    {
        var lease = await client.GetAsync($"v1/leases/{promise.Id}", cancellationToken);
        var read = await client.GetAsync($"v1/leases/{promise.Id}/events", cancellationToken);
        var statement = await client.GetAsync($"v1/leases/{promise.Id}/statement", cancellationToken);
        if (!lease.IsSuccess || !read.IsSuccess || !statement.IsSuccess)
        {
            ledger.Violate(promise, $"it cannot be read: {lease.Status}, {read.Status}, {statement.Status}");
            return;
        }
        var events = read.Body.GetProperty("events").EnumerateArray().ToList();
        ledger.Violate(promise, promise.Contradiction(events));
        foreach (var what in Events(promise, events, lease.Body).Concat(Statement(promise, statement.Body, lease.Body)))
        {
            ledger.Violate(promise, what);
        }
    }

    private static IEnumerable<string> Events(ChaosPromise promise, List<JsonElement> events, JsonElement lease)
    {
        var types = events.ConvertAll(e => e.Text("type"));
        foreach (var once in (string[])["held", "lapsed", "accepted", "granted", "ended", "settled"])
        {
            if (types.Count(type => string.Equals(type, once, StringComparison.Ordinal)) > 1)
            {
                yield return $"it was {once} twice";
            }
        }
        if (types[0] is not "held" || events[0].Usd("ratePerGpuHour") != promise.Rate)
        {
            yield return $"it began as {events[0]}, at {promise.Rate} it was promised";
        }
        if (promise.IsAccepted != types.Contains("accepted"))
        {
            yield return promise.IsAccepted ? "its acceptance is lost" : "it was accepted, and its customer refused";
        }
        var (notice, ends) = (lease.Whole("noticeSeconds")!.Value, (DateTimeOffset?)null);
        JsonElement? sent = null;
        for (var i = 0; i < events.Count; i++)
        {
            var happened = events[i];
            if (happened.Whole("version") != i + 1)
            {
                yield return $"its event {i + 1} calls itself {happened.Whole("version")}";
            }
            ends = happened.Time("endsAt") ?? ends;
            if (types[i] is "notice-sent")
            {
                sent = happened;
                if (
                    happened.Time("deadline") is var deadline
                    && deadline < happened.Time("at")!.Value.AddSeconds(notice)
                    && deadline < ends
                )
                {
                    yield return $"its notice of {notice} s was cut short: {happened}";
                }
            }
            if (
                (types[i] is "shrunk" || happened.Text("endReason") is "reclaimed")
                && !(happened.Time("at") >= sent?.Time("deadline"))
            )
            {
                yield return $"{happened} came before the end that was promised: {sent}";
            }
        }
    }

    private static IEnumerable<string> Statement(ChaosPromise promise, JsonElement statement, JsonElement lease)
    {
        var (sum, corrections, last) = (0m, 0, DateTimeOffset.MinValue);
        foreach (var line in statement.GetProperty("lines").EnumerateArray())
        {
            var amount = line.Usd("amount")!.Value;
            sum += amount;
            switch (line.Text("kind"))
            {
                case "usage":
                    var exact =
                        line.Usd("ratePerGpuHour")!.Value
                        * line.Whole("gpus")!.Value
                        * line.Whole("seconds")!.Value
                        / SecondsAnHour;
                    if (Math.Round(exact, 6, MidpointRounding.ToEven) != amount)
                    {
                        yield return $"{line} should come to {exact}";
                    }
                    if (line.Time("from") < last || line.Time("to") < line.Time("from"))
                    {
                        yield return $"{line} charges for time that is charged already, or runs backwards";
                    }
                    if (!promise.RateMayChange && line.Usd("ratePerGpuHour") != promise.Rate)
                    {
                        yield return $"{line} is not at {promise.Rate}, as was promised";
                    }
                    last = line.Time("to")!.Value;
                    break;
                case "correction":
                    corrections++;
                    break;
            }
        }
        if (sum != statement.Usd("total") || (lease.Usd("amount") is { } settled && settled != sum))
        {
            yield return $"its lines come to {sum}: {statement} {lease}";
        }
        if (sum < 0 || sum > promise.SpendCap && corrections == 0)
        {
            yield return $"it costs {sum}, within {promise.SpendCap}";
        }
        if (corrections != promise.Corrections)
        {
            yield return $"{promise.Corrections} corrections were made, {corrections} are charged";
        }
    }
}
