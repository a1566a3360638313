#nullable disable // as the official library is

using Microsoft.Azure.Functions.Worker;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusSender
{
    protected ServiceBusSender() { }

    public virtual Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(TwinOnly.Reason);
}
