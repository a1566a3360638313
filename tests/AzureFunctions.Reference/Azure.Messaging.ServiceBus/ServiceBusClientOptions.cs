#nullable disable // as the official library is

namespace Azure.Messaging.ServiceBus;

public class ServiceBusClientOptions
{
    public ServiceBusRetryOptions RetryOptions { get; set; } = new();
}
