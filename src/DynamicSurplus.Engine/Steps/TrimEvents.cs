using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Removes events from the feeds that no reader can expect any more. Journals keep them all.</summary>
public sealed class TrimEvents(IEventFeed feed, EngineClock clock)
{
    /// <summary>How long a feed keeps an event: a reader may be away for a month.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    /// <summary>Of one run; what is left is the next one's.</summary>
    public const int MostEvents = 100_000;

    private const int Batch = 500;
    private const int TenantsAtOnce = 1_000;

    /// <returns>How many were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var (before, removed) = (clock.UtcNow - Retention, 0);
        for (TenantId? after = null; ; )
        {
            var tenants = await feed.TenantsAsync(after, TenantsAtOnce, cancellationToken);
            foreach (var tenant in tenants)
            {
                int some;
                do
                {
                    some = await feed.TrimAsync(
                        tenant,
                        before,
                        Math.Min(Batch, MostEvents - removed),
                        cancellationToken
                    );
                    removed += some;
                    if (removed >= MostEvents)
                    {
                        return removed;
                    }
                } while (some == Batch);
            }
            if (tenants.Count < TenantsAtOnce)
            {
                return removed;
            }
            after = tenants[^1];
        }
    }
}
