using System.Diagnostics;
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
                await actions.AbandonMessageAsync(message, cancellationToken: cancellationToken);
            }
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
                deadLetterErrorDescription: reason.Length <= MostDescription ? reason : reason[..MostDescription],
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

    [LoggerMessage(LogLevel.Warning, "Telemetry message {Id} was dead-lettered: {Reason}")]
    private partial void DeadLettered(string id, string reason);
}
