#nullable disable // as the official library is

using Azure.Core;
using Microsoft.Azure.Functions.Worker;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusClient
{
    public ServiceBusClient(
        string fullyQualifiedNamespace,
        TokenCredential credential,
        ServiceBusClientOptions options
    ) => throw new NotSupportedException(TwinOnly.Reason);

    public virtual ServiceBusSender CreateSender(string queueOrTopicName) =>
        throw new NotSupportedException(TwinOnly.Reason);
}
