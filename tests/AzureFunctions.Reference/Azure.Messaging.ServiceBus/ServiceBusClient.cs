using Azure.Core;
using Microsoft.Azure.Functions.Worker;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusClient : IAsyncDisposable
{
    public ServiceBusClient(
        string fullyQualifiedNamespace,
        TokenCredential credential,
        ServiceBusClientOptions options
    ) => throw new NotSupportedException(TwinOnly.Reason);

    protected ServiceBusClient() { }

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) =>
        throw new NotSupportedException(TwinOnly.Reason);

    public virtual ValueTask DisposeAsync() => throw new NotSupportedException(TwinOnly.Reason);
}
