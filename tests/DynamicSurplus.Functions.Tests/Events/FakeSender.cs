using Azure.Messaging.ServiceBus;

namespace DynamicSurplus.Functions.Tests.Events;

/// <summary>A topic that keeps what it is sent, and may be out of reach for a while.</summary>
internal sealed class FakeSender : ServiceBusSender
{
    /// <summary>Messages that fail, from now on.</summary>
    public int Failures { get; set; }

    public List<ServiceBusMessage> Sent { get; } = [];

    public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        if (Failures > 0)
        {
            Failures--;
            throw new IOException("The topic is out of reach.");
        }
        Sent.Add(message);
        return Task.CompletedTask;
    }
}
