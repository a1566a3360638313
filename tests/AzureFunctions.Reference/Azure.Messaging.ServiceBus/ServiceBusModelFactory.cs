namespace Azure.Messaging.ServiceBus;

public static class ServiceBusModelFactory
{
    public static ServiceBusReceivedMessage ServiceBusReceivedMessage(
        BinaryData? body = default,
        string? messageId = default,
        IDictionary<string, object>? properties = default
    ) =>
        new()
        {
            Body = body ?? new(""),
            MessageId = messageId ?? "",
            ApplicationProperties = new Dictionary<string, object>(properties ?? new Dictionary<string, object>()),
        };
}
