using System.Globalization;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api.Rates;

/// <summary>
/// Posted rates, where they came from, and why they are what they are. What is read stays the latest for the rest of
/// its tick.
/// </summary>
public sealed class RateEndpoints(
    FleetCatalog catalog,
    RateBooks rates,
    RateHistory history,
    EngineClock clock,
    EngineOptions options
)
{
    private static readonly TimeSpan DefaultRange = TimeSpan.FromHours(1);

    public async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        if (await FindFleetAsync(call) is not { } fleet)
        {
            return NoFleet(call.RequireFleet());
        }
        if (await rates.FindAsync(fleet.Id, call.CancellationToken) is not { } entry)
        {
            return NoRate(fleet.Id);
        }
        var tag = Tag(entry.Tick, fleet.Revision);
        return Cacheable(
            EntityTags.IsKnown(call.Http.Request, tag)
                ? ApiAnswer.Empty(StatusCodes.Status304NotModified)
                : ApiAnswer.Of(200, RateDocument.Of(fleet, entry, options.TickLength), ApiJson.Shared.RateDocument),
            tag,
            entry.Tick
        );
    }

    /// <summary>
    /// Fleets that have a rate, by shard and then id; perhaps of one <c>sku</c>, or one <c>region</c>.
    /// </summary>
    public async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var request = call.Http.Request;
        var (sku, region) = (Query.Text(request, "sku"), Query.Text(request, "region"));
        var (limit, after) = (Query.Limit(request), Query.FleetCursor(request));
        var fleets = await catalog.GetAsync(call.CancellationToken);
        var page = new List<RateDocument>();
        var (oldest, revisions, next) = ((Tick?)null, 0L, (string?)null);
        foreach (var fleet in After(fleets, after).Select(known => known.Value))
        {
            if (!Is(fleet.Sku, sku) || !Is(fleet.Region, region))
            {
                continue;
            }
            if (await rates.FindAsync(fleet.Id, call.CancellationToken) is not { } entry)
            {
                continue;
            }
            if (page.Count == limit)
            {
                next = page[^1].Fleet;
                break;
            }
            page.Add(RateDocument.Of(fleet, entry, options.TickLength));
            oldest = oldest is { } known && known < entry.Tick ? known : entry.Tick;
            revisions += fleet.Revision;
        }
        var answer = ApiAnswer.Of(200, new RateListDocument(page, next), ApiJson.Shared.RateListDocument);
        if (oldest is not { } tick)
        {
            return answer;
        }
        var tag = Tag(tick, revisions);
        var isKnown = EntityTags.IsKnown(request, tag);
        return Cacheable(isKnown ? ApiAnswer.Empty(StatusCodes.Status304NotModified) : answer, tag, tick);
    }

    /// <summary>
    /// From the rate in force at <c>from</c> (default an hour before <c>to</c>) up to <c>to</c> (default now), at most
    /// 31 days.
    /// </summary>
    public async Task<ApiAnswer> HistoryAsync(ApiCall call)
    {
        var request = call.Http.Request;
        var to = Query.Instant(request, "to") ?? clock.UtcNow;
        var from = Query.Instant(request, "from") ?? to - DefaultRange;
        var asCsv = RateCsv.IsWanted(request);
        var errors = new FieldErrors();
        if (from > to)
        {
            errors.Add("from", "is after to", "send from before to");
        }
        else if (to - from > RateHistory.MaxRange)
        {
            errors.Add(
                "from",
                $"is more than {RateHistory.MaxRange.TotalDays} days before to",
                "ask for less at a time"
            );
        }
        errors.ThrowIfAny();
        if (await FindFleetAsync(call) is not { } fleet)
        {
            return NoFleet(call.RequireFleet());
        }
        var records = await history.ReadAsync(fleet.Id, from, to, call.CancellationToken);
        if (asCsv)
        {
            return RateCsv.Of(records);
        }
        var document = new RateHistoryDocument(
            fleet.Id.ToString(),
            from,
            to,
            Money.Usd,
            Money.UsdPerGpuHour,
            [.. records.Select(RateHistoryRowDocument.Of)]
        );
        return ApiAnswer.Of(200, document, ApiJson.Shared.RateHistoryDocument) with { MoreHeaders = RateCsv.Vary };
    }

    /// <summary>The latest tick's inputs and outputs.</summary>
    public async Task<ApiAnswer> ExplainAsync(ApiCall call)
    {
        if (await FindFleetAsync(call) is not { } fleet)
        {
            return NoFleet(call.RequireFleet());
        }
        if (await history.LatestAsync(fleet.Id, clock.UtcNow, call.CancellationToken) is not { } record)
        {
            return NoRate(fleet.Id);
        }
        return ApiAnswer.Of(200, ExplanationDocument.Of(record), ApiJson.Shared.ExplanationDocument);
    }

    private ValueTask<Fleet?> FindFleetAsync(ApiCall call) =>
        catalog.FindAsync(call.RequireFleet(), call.CancellationToken);

    private IEnumerable<Versioned<Fleet>> After(FleetSnapshot fleets, FleetId? cursor) =>
        cursor is { } last
            ? fleets.All.Where(fleet =>
                (fleet.Value.Id.Shard(options.ShardCount), fleet.Value.Id).CompareTo(
                    (last.Shard(options.ShardCount), last)
                ) > 0
            )
            : fleets.All;

    private ApiAnswer Cacheable(ApiAnswer answer, string tag, Tick tick) =>
        answer with
        {
            ETag = tag,
            MaxAgeSeconds = WallTime.LeftOf(tick, clock, options),
        };

    /// <summary>Weak: the same rates of the same fleets, not the same bytes.</summary>
    private static string Tag(Tick tick, long revisions) =>
        string.Create(CultureInfo.InvariantCulture, $"W/\"{tick.StartSeconds}.{revisions}\"");

    private static bool Is(string label, string? wanted) =>
        wanted is null || label.Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private static ApiAnswer NoFleet(FleetId id) =>
        ProblemDocument.Answer(new(ProblemKinds.FleetNotFound, $"No fleet is registered as '{id}'."));

    private ApiAnswer NoRate(FleetId id) =>
        ProblemDocument.Answer(
            new(ProblemKinds.RateNotFound, $"Fleet '{id}' has no rate before its first tick.")
            {
                RetryAfterSeconds = WallTime.ToNextTick(clock, options),
            }
        );
}
