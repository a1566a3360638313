using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>How each message of a Service Bus batch was settled, by its id.</summary>
internal sealed class FakeActions : ServiceBusMessageActions
{
    /// <summary>In the order of settling: <c>complete m1</c>, <c>abandon m2</c>, <c>dead-letter m3</c>.</summary>
    public List<string> Settled { get; } = [];

    /// <summary>The message that nobody can settle any more.</summary>
    public string? LostLock { get; set; }

    public string? Reason { get; private set; }

    public string? Description { get; private set; }

    public override Task CompleteMessageAsync(
        ServiceBusReceivedMessage message,
        CancellationToken cancellationToken = default
    ) => SettleAsync("complete", message, cancellationToken);

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message,
        IDictionary<string, object>? propertiesToModify = default,
        CancellationToken cancellationToken = default
    ) => SettleAsync("abandon", message, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default
    )
    {
        (Reason, Description) = (deadLetterReason, deadLetterErrorDescription);
        return SettleAsync("dead-letter", message, cancellationToken);
    }

    private Task SettleAsync(string how, ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (message.MessageId == LostLock)
        {
            throw new InvalidOperationException("The lock is lost.");
        }
        Settled.Add($"{how} {message.MessageId}");
        return Task.CompletedTask;
    }
}
