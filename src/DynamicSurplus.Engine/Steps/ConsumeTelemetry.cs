using DynamicSurplus.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Takes telemetry from the queue to the inboxes, at least once.</summary>
public sealed partial class ConsumeTelemetry(
    ITelemetryQueue queue,
    IngestTelemetry ingest,
    ILogger<ConsumeTelemetry> logger
)
{
    /// <summary>Messages of one pass: as many as a storage queue gives at once.</summary>
    public const int MostMessages = 32;

    /// <summary>
    /// How long a received message stays hidden, 60 s: many times what a pass takes, and the longest that telemetry
    /// waits for another consumer where this one died.
    /// </summary>
    public static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    /// <summary>
    /// One pass. A message that cannot be ingested now stays for redelivery; one that never can is poison.
    /// </summary>
    /// <returns>
    /// Messages that are done with. 0: the queue was empty, or nothing worked; wait before the next pass.
    /// </returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var handled = 0;
        foreach (var message in await queue.ReceiveAsync(MostMessages, Visibility, cancellationToken))
        {
            try
            {
                handled += await HandleAsync(message, cancellationToken) ? 1 : 0;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(failure, message.Id, message.DequeueCount, QueueLimits.MaxDeliveries);
            }
        }
        return handled;
    }

    /// <summary>
    /// Ingests one message's body, or puts it on the poison queue with the reason why it never can be. Once this is
    /// done, the message is; a failure leaves it for redelivery.
    /// </summary>
    public async Task TakeInAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (await ingest.RunAsync(body, cancellationToken) is IngestResult.Unreadable { Reason: var reason })
        {
            await PoisonAsync(body, reason.ToString(), cancellationToken);
        }
    }

    private async Task<bool> HandleAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        if (message.DequeueCount > QueueLimits.MaxDeliveries)
        {
            var reason = $"delivered {QueueLimits.MaxDeliveries} times without success";
            await PoisonAsync(message.Body, reason, cancellationToken);
        }
        else
        {
            await TakeInAsync(message.Body, cancellationToken);
        }
        return await queue.CompleteAsync(message, cancellationToken);
    }

    private async Task PoisonAsync(ReadOnlyMemory<byte> body, string reason, CancellationToken cancellationToken)
    {
        await queue.PoisonAsync(body, reason, cancellationToken);
        EngineMetrics.PoisonedMessages.Add(1);
        LogPoisoned(reason);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Telemetry message {Id} failed at delivery {Delivery} of {Most} and stays in the queue"
    )]
    private partial void LogFailed(Exception failure, string id, int delivery, int most);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A telemetry message went to the poison queue: {Reason}")]
    private partial void LogPoisoned(string reason);
}
