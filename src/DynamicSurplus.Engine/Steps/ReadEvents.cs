using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A page of a tenant's events, for who comes back with the page's cursor.</summary>
public sealed class ReadEvents(IEventFeed feed)
{
    /// <summary>Looked at for one page of a few types, or of one lease.</summary>
    private const int MostScanned = 1_000;

    /// <param name="after">Where the previous page ended; 0: from the oldest that is kept.</param>
    /// <param name="limit">1 to 1,000.</param>
    public async Task<EventPage> RunAsync(
        TenantId tenant,
        long after,
        int limit,
        EventTypes types,
        LeaseId? lease,
        CancellationToken cancellationToken
    )
    {
        var most = types.IsAll && lease is null ? limit : MostScanned;
        var read = await feed.ReadAsync(tenant, after, most, cancellationToken);
        if (read.Count == 0 && after > 0)
        {
            var latest = await feed.LatestAsync(tenant, cancellationToken);
            if (latest == after)
            {
                return new([], after, More: false);
            }
            // One may have come in between; else the cursor is ahead of the feed, or everything behind it is gone.
            read = await feed.ReadAsync(tenant, after, most, cancellationToken);
        }
        if (after > 0 && (read.Count == 0 || read[0].Sequence > after + 1))
        {
            return new([], after, More: false, IsLost: true);
        }
        var wanted = read.Where(entry => IsWanted(entry, types, lease)).Take(limit).ToList();
        var next =
            wanted.Count == limit ? wanted[^1].Sequence
            : read.Count > 0 ? read[^1].Sequence
            : after;
        return new(wanted, next, read.Count == most || (read.Count > 0 && next < read[^1].Sequence));
    }

    public static bool IsWanted(FeedEntry entry, EventTypes types, LeaseId? lease) =>
        types.Matches(entry.Event.Type) && (lease is null || entry.Event.Lease == lease);
}
