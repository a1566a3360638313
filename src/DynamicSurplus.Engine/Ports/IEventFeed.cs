using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// What happened, a feed per tenant, in one order for every reader: whoever has read up to a sequence never finds
/// anything new at or below it, whoever writes at the same time.
/// </summary>
public interface IEventFeed
{
    /// <summary>Puts an event at the feed's end; one whose id is in the feed already changes nothing.</summary>
    /// <exception cref="ArgumentException">As <see cref="FeedEvent.Require"/> says.</exception>
    Task AppendAsync(TenantId tenant, FeedEvent happened, CancellationToken cancellationToken);

    /// <summary>
    /// The entries behind a sequence, in order; fewer than asked for: these were all. Where the first does not follow
    /// <paramref name="after"/>, those between have been trimmed.
    /// </summary>
    /// <param name="after">0: from the oldest that is kept.</param>
    /// <param name="most">1 to 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1 or above 1,000.</exception>
    Task<IReadOnlyList<FeedEntry>> ReadAsync(
        TenantId tenant,
        long after,
        int most,
        CancellationToken cancellationToken
    );

    /// <summary>The last sequence given out; 0: none ever was.</summary>
    Task<long> LatestAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Tenants that have a feed, by id.</summary>
    /// <param name="after">The last of the previous page; null: from the start.</param>
    /// <param name="most">1 to 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1 or above 1,000.</exception>
    Task<IReadOnlyList<TenantId>> TenantsAsync(TenantId? after, int most, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the oldest entries, up to the first that was published at <paramref name="before"/> or later. Sequences
    /// are not given out again; the id of a trimmed event is forgotten.
    /// </summary>
    /// <param name="most">1 to 1,000.</param>
    /// <returns>How many were removed; as many as asked for: there may be more.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1 or above 1,000.</exception>
    Task<int> TrimAsync(TenantId tenant, DateTimeOffset before, int most, CancellationToken cancellationToken);
}
