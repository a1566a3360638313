using Azure.Messaging.ServiceBus;

namespace Microsoft.Azure.Functions.Worker;

public class ServiceBusMessageActions
{
    protected ServiceBusMessageActions() { }

    public virtual Task CompleteMessageAsync(
        ServiceBusReceivedMessage message,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException(TwinOnly.Reason);

    public virtual Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = default,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException(TwinOnly.Reason);

    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException(TwinOnly.Reason);
}
