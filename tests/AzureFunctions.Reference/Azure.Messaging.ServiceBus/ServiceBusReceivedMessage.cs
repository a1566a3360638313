#nullable disable // as the official library is

namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceivedMessage
{
    internal ServiceBusReceivedMessage() { }

    public BinaryData Body { get; internal init; } = new("");

    public string MessageId { get; internal init; } = "";

    public IReadOnlyDictionary<string, object> ApplicationProperties { get; internal init; } =
        new Dictionary<string, object>();
}
