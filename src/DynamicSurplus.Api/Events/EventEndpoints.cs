using System.Globalization;
using System.Text.Json;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DynamicSurplus.Api.Events;

/// <summary>What happened, for who was not there.</summary>
/// <param name="streams">Null on a host that keeps no connection open.</param>
public sealed class EventEndpoints(ReadEvents read, IEventFeed feed, EventStreams? streams = null)
{
    /// <summary>Where to begin in place of a cursor: at what comes next.</summary>
    public const string Latest = "latest";

    private const string StreamType = "text/event-stream";
    private const string CursorHeader = "Last-Event-ID";

    /// <summary>
    /// A page of the caller's events behind the cursor <c>after</c>; for those who see all, of one <c>tenant</c>'s. Or
    /// all that is behind it and all that comes, where the caller accepts <c>text/event-stream</c>.
    /// </summary>
    public async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var request = call.Http.Request;
        var tenant = Query.OneTenant(call);
        var (types, lease, limit) = (Types(request), Lease(request), Query.Limit(request));
        var after = await AfterAsync(request, tenant, call.CancellationToken);
        var wantsStream = HttpMethods.IsGet(request.Method) && WantsStream(request);
        if (wantsStream && streams is null)
        {
            return ProblemDocument.Answer(NoStreams());
        }
        var page = await read.RunAsync(tenant, after, wantsStream ? 1 : limit, types, lease, call.CancellationToken);
        return page.IsLost ? ProblemDocument.Answer(CursorLost(after))
            : wantsStream ? Stream(call.Caller, tenant, after, types, lease)
            : ApiAnswer.Of(
                200,
                new EventListDocument(
                    [.. page.Entries.Select(entry => JsonElement.Parse(entry.Event.Json.Span))],
                    page.Next.ToString(CultureInfo.InvariantCulture),
                    page.More
                ),
                ApiJson.Shared.EventListDocument
            );
    }

    private ApiAnswer Stream(Caller caller, TenantId tenant, long after, EventTypes types, LeaseId? lease) =>
        streams!.TryOpen(caller)
            ? ApiAnswer.Empty(200) with
            {
                Stream = http => streams.RunAsync(http, caller, tenant, after, types, lease),
            }
            : ProblemDocument.Answer(
                new(
                    ProblemKinds.TooManyStreams,
                    $"{EventStreams.MostOfCaller} are open for you, or {EventStreams.Most} for all: close one, "
                        + "or read pages."
                )
                {
                    RetryAfterSeconds = 5,
                }
            );

    private async Task<long> AfterAsync(HttpRequest request, TenantId tenant, CancellationToken cancellationToken)
    {
        // A browser that connects again sends the address it was given, and where it is in the header.
        var (name, text) = request.Headers[CursorHeader].ToString() is { Length: > 0 } last
            ? (CursorHeader, last)
            : ("after", Query.Text(request, "after"));
        return text switch
        {
            null => 0,
            Latest => await feed.LatestAsync(tenant, cancellationToken),
            _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) => after,
            _ => throw Query.Malformed(
                name,
                $"'{FieldErrors.Cut(text)}' is no cursor",
                $"send what the previous page gave as next, or {Latest}"
            ),
        };
    }

    private static EventTypes Types(HttpRequest request)
    {
        var names = Query.Text(request, "type")?.Split(',') ?? [];
        return Array.Find(names, name => !LeaseCloudEvent.Types.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? throw Query.Malformed(
                "type",
                $"'{FieldErrors.Cut(unknown)}' is no type of event",
                $"send some of these, with commas between them: {string.Join(',', LeaseCloudEvent.Types)}"
            )
            : EventTypes.Of(names);
    }

    private static LeaseId? Lease(HttpRequest request) =>
        Query.Text(request, "lease") is not { } text ? null
        : LeaseId.TryParse(text, out var id) ? id
        : throw Query.Malformed("lease", $"'{FieldErrors.Cut(text)}' is no lease's id", "send 32 hex digits");

    private static bool WantsStream(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals(StreamType, StringComparison.OrdinalIgnoreCase));

    private static Problem NoStreams() =>
        new(
            ProblemKinds.NotAcceptable,
            "This host keeps no connection open: accept application/json, and come back with the page's next as after."
        );

    private static Problem CursorLost(long after) =>
        new(
            ProblemKinds.CursorLost,
            $"{after} is not in the feed, which keeps {TrimEvents.Retention.TotalDays} days: begin without after, or "
                + $"with after={Latest}. Every lease keeps its own events, at /v1/leases/{{lease}}/events."
        );
}
