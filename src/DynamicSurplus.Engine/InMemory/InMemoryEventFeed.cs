using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryEventFeed : IEventFeed
{
    private const int LargestPage = 1_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<TenantId, Feed> _feeds = [];

    public Task AppendAsync(TenantId tenant, FeedEvent happened, CancellationToken cancellationToken)
    {
        FeedEvent.Require(happened);
        lock (_gate)
        {
            if (!_feeds.TryGetValue(tenant, out var feed))
            {
                feed = new Feed();
                _feeds.Add(tenant, feed);
            }
            if (feed.Ids.Add(happened.Id))
            {
                feed.Latest++;
                feed.Entries.Add(new(feed.Latest, happened with { Json = happened.Json.ToArray() }));
            }
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FeedEntry>> ReadAsync(
        TenantId tenant,
        long after,
        int most,
        CancellationToken cancellationToken
    )
    {
        RequirePage(most);
        lock (_gate)
        {
            if (!_feeds.TryGetValue(tenant, out var feed) || after >= feed.Latest)
            {
                return Task.FromResult<IReadOnlyList<FeedEntry>>([]);
            }
            // Sequences have no gaps: the first entry behind is as far in as its sequence is behind the oldest one's.
            var skipped = Math.Max(0, after - (feed.Latest - feed.Entries.Count));
            return Task.FromResult<IReadOnlyList<FeedEntry>>([.. feed.Entries.Skip((int)skipped).Take(most)]);
        }
    }

    public Task<long> LatestAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_feeds.TryGetValue(tenant, out var feed) ? feed.Latest : 0);
        }
    }

    public Task<IReadOnlyList<TenantId>> TenantsAsync(TenantId? after, int most, CancellationToken cancellationToken)
    {
        RequirePage(most);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<TenantId>>([
                .. _feeds.Keys.Where(tenant => after is null || tenant > after).Take(most),
            ]);
        }
    }

    public Task<int> TrimAsync(TenantId tenant, DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        RequirePage(most);
        lock (_gate)
        {
            if (!_feeds.TryGetValue(tenant, out var feed))
            {
                return Task.FromResult(0);
            }
            var old = feed.Entries.Take(most).TakeWhile(entry => entry.Event.PublishedAt < before).ToList();
            feed.Entries.RemoveRange(0, old.Count);
            feed.Ids.ExceptWith(old.Select(entry => entry.Event.Id));
            return Task.FromResult(old.Count);
        }
    }

    private static void RequirePage(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, LargestPage);
    }

    private sealed class Feed
    {
        public long Latest { get; set; }

        public List<FeedEntry> Entries { get; } = [];

        public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);
    }
}
