using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DynamicSurplus.Functions.Orchestrations;

internal static class DurableInstances
{
    /// <summary>
    /// Tells an instance of something, or starts one that begins with it. Ids of finished instances are used again.
    /// </summary>
    [SuppressMessage("Design", "CA1031", Justification = "What is thrown is the transport's; the last call's tells.")]
    public static async Task SignalOrStartAsync(
        this DurableTaskClient client,
        string instance,
        (string Name, object Payload) signal,
        (TaskName Name, object Input) start,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await client.RaiseEventAsync(instance, signal.Name, signal.Payload, cancellationToken);
            return;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Unknown or finished, most likely: the exception's type is the transport's affair, and starting will tell.
        }
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                start.Name,
                start.Input,
                new StartOrchestrationOptions(instance),
                cancellationToken
            );
            return;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Started by somebody meanwhile; or the platform is down, as the next call will say.
        }
        await client.RaiseEventAsync(instance, signal.Name, signal.Payload, cancellationToken);
    }
}
