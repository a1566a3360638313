#nullable disable // as the official library is

namespace Azure.Messaging.ServiceBus;

public class ServiceBusRetryOptions
{
    public int MaxRetries { get; set; }

    public TimeSpan Delay { get; set; }

    public TimeSpan MaxDelay { get; set; }

    public TimeSpan TryTimeout { get; set; }
}
