using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace DynamicSurplus.Api.Events;

/// <summary>
/// Feeds that callers follow over a connection that stays open, for hosts that can keep one. Server-sent events: the id
/// is the cursor, so that a browser goes on where it was.
/// </summary>
public sealed class EventStreams(IEventFeed feed, EventBell bell, WallClock wall, IHostApplicationLifetime lifetime)
{
    /// <summary>Open at once: each is a connection, and a reader of the feed.</summary>
    public const int Most = 100;

    /// <summary>Of one customer, or one overseer.</summary>
    public const int MostOfCaller = 10;

    /// <summary>
    /// Shorter than what proxies take for a dead connection; also how often the feed is looked at unasked.
    /// </summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Then the caller must show its credential again, which may have been withdrawn.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(15);

    private const int PageSize = 100;
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Takes a place for one more stream of that caller; false: there is none.</summary>
    public bool TryOpen(Caller caller)
    {
        var name = NameOf(caller);
        lock (_gate)
        {
            var own = _open.GetValueOrDefault(name);
            if (own >= MostOfCaller || _open.Values.Sum() >= Most)
            {
                return false;
            }
            _open[name] = own + 1;
            return true;
        }
    }

    /// <summary>
    /// Sends what is behind the cursor and then what comes, until the caller goes, the host stops or the stream's life
    /// is over.
    /// </summary>
    /// <param name="caller">Who has taken a place, which is free at the end.</param>
    public async Task RunAsync(
        HttpContext http,
        Caller caller,
        TenantId tenant,
        long after,
        EventTypes types,
        LeaseId? lease
    )
    {
        using var life = new CancellationTokenSource(LongestLife, wall.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted,
            lifetime.ApplicationStopping,
            life.Token
        );
        var items = FollowAsync(tenant, after, types, lease, end.Token);
        try
        {
            await TypedResults.ServerSentEvents(items).ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The end of a stream, not a failure: its reader goes on from its cursor.
        }
        finally
        {
            Close(NameOf(caller));
        }
    }

    private async IAsyncEnumerable<SseItem<string>> FollowAsync(
        TenantId tenant,
        long after,
        EventTypes types,
        LeaseId? lease,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        yield return Beat(after);
        while (true)
        {
            var grown = bell.NextAsync(tenant); // before the look, so that nothing falls between the two
            var entries = await feed.ReadAsync(tenant, after, PageSize, cancellationToken);
            foreach (var entry in entries)
            {
                after = entry.Sequence;
                if (ReadEvents.IsWanted(entry, types, lease))
                {
                    yield return new(Encoding.UTF8.GetString(entry.Event.Json.Span)) { EventId = Id(after) };
                }
            }
            if (entries.Count == PageSize)
            {
                continue;
            }
            if (!await HasGrownAsync(grown, cancellationToken))
            {
                yield return Beat(after);
            }
        }
    }

    private async Task<bool> HasGrownAsync(Task grown, CancellationToken cancellationToken)
    {
        try
        {
            await grown.WaitAsync(Heartbeat, wall.Time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// An event with a name of its own, which nobody hears who does not ask for it. It has the cursor, so that what a
    /// reader did not want is not looked through again.
    /// </summary>
    private static SseItem<string> Beat(long after) =>
        new("", "heartbeat") { EventId = Id(after), ReconnectionInterval = Reconnect };

    private static string Id(long sequence) => sequence.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>No tenant is called as an overseer is.</summary>
    private static string NameOf(Caller caller) => caller.Tenant?.ToString() ?? $"/{caller.Name}";

    private void Close(string name)
    {
        lock (_gate)
        {
            if (--_open[name] == 0)
            {
                _open.Remove(name);
            }
        }
    }
}
