using System.Text;
using Azure.Messaging.ServiceBus;
using DynamicSurplus.Engine.Steps;
using Microsoft.Azure.Functions.Worker;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>
/// Telemetry from the queue that the installation has (a setting switches the other one's function off), and from the
/// servers that fleets declare.
/// </summary>
public sealed class TelemetryFunctions(ServiceBusTelemetry serviceBus, ConsumeTelemetry consume, PullTelemetry pull)
{
    [Function("PullTelemetry")]
    public Task PullTelemetryAsync(
        [TimerTrigger("%PullSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => pull.RunAsync(cancellationToken);

    [Function("IngestTelemetry")]
    public Task IngestTelemetryAsync(
        [ServiceBusTrigger(
            Connections.TelemetryQueue,
            Connection = Connections.ServiceBus,
            IsSessionsEnabled = true,
            IsBatched = true,
            AutoCompleteMessages = false
        )]
            ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken
    ) => serviceBus.TakeInAsync(messages, actions, cancellationToken);

    /// <summary>As text, so that bad JSON is ours to refuse, with the reason.</summary>
    [Function("IngestTelemetryFromStorageQueue")]
    public Task IngestTelemetryFromStorageQueueAsync(
        [QueueTrigger(Connections.TelemetryQueue, Connection = Connections.Storage)] string message,
        CancellationToken cancellationToken
    ) => consume.TakeInAsync(Encoding.UTF8.GetBytes(message), cancellationToken);
}
