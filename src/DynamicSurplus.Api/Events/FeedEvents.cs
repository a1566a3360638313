using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Events;

/// <summary>Every event goes to its tenant's feed, as a CloudEvent, and whoever follows the feed is woken.</summary>
public sealed class FeedEvents(IEventFeed feed, EventBell bell, EngineClock clock) : IEventPublisher
{
    public async Task PublishAsync(LeaseEventEnvelope happened, LeaseTerms terms, CancellationToken cancellationToken)
    {
        var cloudEvent = LeaseCloudEvent.Of(happened, terms);
        var told = new FeedEvent(
            cloudEvent.Id!,
            cloudEvent.Type!,
            happened.Lease,
            clock.UtcNow,
            LeaseCloudEvent.Write(cloudEvent)
        );
        await feed.AppendAsync(terms.Tenant, told, cancellationToken);
        bell.Ring(terms.Tenant);
    }
}
