using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Azure.Messaging.ServiceBus;
using DynamicSurplus.Engine.Steps;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>
/// Takes a batch of messages in, each for itself: done, dead-lettered with its reason, or given back to be delivered
/// again.
/// </summary>
public sealed partial class ServiceBusTelemetry(IngestTelemetry ingest, ILogger<ServiceBusTelemetry> logger)
{
    /// <summary>Dead-letter reason of a message that no delivery can make readable.</summary>
    public const string Unreadable = "Unreadable";

    /// <summary>As long as the service takes it: 4,096 characters.</summary>
    private const int MostDescription = 4096;

    private static readonly ActivitySource Source = new("DynamicSurplus.Functions");

    public async Task TakeInAsync(
        IReadOnlyList<ServiceBusReceivedMessage> messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken
    )
    {
        foreach (var message in messages)
        {
            using var activity = StartActivity(message);
            try
            {
                await TakeInAsync(message, actions, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Failed(message.MessageId, exception);
                await GiveBackAsync(message, actions, cancellationToken);
            }
        }
    }

    /// <summary>What a dead-letter description holds of a reason: no more than the service takes.</summary>
    public static string Describe(string reason)
    {
        var length = Math.Min(reason.Length, MostDescription);
        if (length < reason.Length && char.IsHighSurrogate(reason[length - 1]))
        {
            length--; // half a character is no text
        }
        return reason[..length];
    }

    /// <summary>
    /// Where its lock is lost there is nothing to give back, and the messages after it have their turn.
    /// </summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps it, the lock ends and it is delivered again.")]
    private async Task GiveBackAsync(
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await actions.AbandonMessageAsync(message, cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            NotGivenBack(message.MessageId, exception);
        }
    }

    private async Task TakeInAsync(
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken
    )
    {
        if (await ingest.RunAsync(message.Body.ToMemory(), cancellationToken) is IngestResult.Unreadable unreadable)
        {
            var reason = unreadable.Reason.ToString();
            await actions.DeadLetterMessageAsync(
                message,
                deadLetterReason: Unreadable,
                deadLetterErrorDescription: Describe(reason),
                cancellationToken: cancellationToken
            );
            DeadLettered(message.MessageId, reason);
            return;
        }
        await actions.CompleteMessageAsync(message, cancellationToken);
    }

    /// <summary>Linked to the trace of whoever sent it: a batch holds many.</summary>
    private static Activity? StartActivity(ServiceBusReceivedMessage message)
    {
        var sent =
            message.ApplicationProperties.GetValueOrDefault("traceparent")
            ?? message.ApplicationProperties.GetValueOrDefault("Diagnostic-Id");
        return ActivityContext.TryParse(sent as string, null, isRemote: true, out var sender)
            ? Source.StartActivity(
                nameof(IngestTelemetry),
                ActivityKind.Consumer,
                default(ActivityContext),
                links: [new(sender)]
            )
            : Source.StartActivity(nameof(IngestTelemetry), ActivityKind.Consumer);
    }

    [LoggerMessage(LogLevel.Warning, "Telemetry message {Id} failed, and is delivered again.")]
    private partial void Failed(string id, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Telemetry message {Id} could not be given back; it comes when its lock ends.")]
    private partial void NotGivenBack(string id, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Telemetry message {Id} was dead-lettered: {Reason}")]
    private partial void DeadLettered(string id, string reason);
}
