#nullable disable // as the official library is

namespace Azure.Messaging.ServiceBus;

public static class ServiceBusModelFactory
{
    public static ServiceBusReceivedMessage ServiceBusReceivedMessage(
        BinaryData body = default,
        string messageId = default,
        string partitionKey = default,
        string viaPartitionKey = default,
        string sessionId = default,
        string replyToSessionId = default,
        TimeSpan timeToLive = default,
        string correlationId = default,
        string subject = default,
        string to = default,
        string contentType = default,
        string replyTo = default,
        DateTimeOffset scheduledEnqueueTime = default,
        IDictionary<string, object> properties = default,
        Guid lockTokenGuid = default,
        int deliveryCount = default,
        DateTimeOffset lockedUntil = default,
        long sequenceNumber = -1,
        string deadLetterSource = default,
        long enqueuedSequenceNumber = default,
        DateTimeOffset enqueuedTime = default,
        ServiceBusMessageState serviceBusMessageState = default
    ) =>
        new()
        {
            Body = body ?? throw new ArgumentNullException(nameof(body)),
            MessageId = messageId ?? "",
            ApplicationProperties = new Dictionary<string, object>(properties ?? new Dictionary<string, object>()),
        };
}
