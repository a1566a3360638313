using Azure.Messaging.ServiceBus;
using DynamicSurplus.Api.Events;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Functions.Events;

/// <summary>
/// Events as CloudEvents on a topic: the whole event in the body, and what subscriptions filter by beside it, as the
/// properties <c>type</c>, <c>tenant</c> and <c>fleet</c>. A repeat has the same message id.
/// </summary>
public sealed class ServiceBusEvents(ServiceBusSender sender) : IEventPublisher
{
    /// <summary>Of one try; the effect that publishes stays pending and is tried again, whatever comes of it.</summary>
    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Exponential with the client's own jitter.</summary>
    public static ServiceBusClientOptions ClientOptions() =>
        new()
        {
            RetryOptions = new()
            {
                MaxRetries = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(2),
                TryTimeout = TryTimeout,
            },
        };

    public Task PublishAsync(LeaseEventEnvelope happened, LeaseTerms terms, CancellationToken cancellationToken)
    {
        var cloudEvent = LeaseCloudEvent.Of(happened, terms);
        var message = new ServiceBusMessage(LeaseCloudEvent.Write(cloudEvent))
        {
            MessageId = cloudEvent.Id,
            Subject = cloudEvent.Subject,
            ContentType = LeaseCloudEvent.MediaType,
        };
        message.ApplicationProperties["type"] = cloudEvent.Type!;
        message.ApplicationProperties["tenant"] = terms.Tenant.ToString();
        message.ApplicationProperties["fleet"] = terms.Fleet.ToString();
        return sender.SendMessageAsync(message, cancellationToken);
    }
}
