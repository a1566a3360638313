using System.Security.Cryptography;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Functions.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>What keeps an installation in order by itself.</summary>
public sealed partial class UpkeepFunctions(
    SweepLeases sweep,
    TrimEvents trim,
    ReconcileBooks reconcile,
    DurableClientScope durable,
    EngineOptions options,
    TimeProvider time,
    ILogger<UpkeepFunctions> logger
)
{
    /// <summary>
    /// Later than an orchestration on a busy hub is; sooner than a notice that was missed would hurt.
    /// </summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(15);

    /// <summary>
    /// After that no other shard's books are reconciled: a full shard takes less than what is left of the host's five
    /// minutes.
    /// </summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a finished instance can still be looked at. The journal keeps every lease; its orchestration is of use
    /// to whoever looks into a failure of last week.
    /// </summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private static readonly OrchestrationRuntimeStatus[] Finished =
    [
        OrchestrationRuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated,
    ];

    /// <summary>Wakes the leases whose orchestration has missed it, or is gone.</summary>
    [Function("SweepLeases")]
    public async Task SweepLeasesAsync(
        [TimerTrigger("%SweepSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        using var scope = durable.Enter(client);
        while (await sweep.RunAsync(Overdue, cancellationToken) == SweepLeases.MostWakeups) { }
    }

    /// <summary>
    /// Proves that books, reservations, journals, wake-ups and views agree, and repairs what does not.
    /// </summary>
    [Function("ReconcileBooks")]
    public async Task ReconcileBooksAsync(
        [TimerTrigger("%ReconcileSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        using var scope = durable.Enter(client);
        // Where there are many, each run has some of them: which, is left to chance.
        var (began, first) = (time.GetTimestamp(), RandomNumberGenerator.GetInt32(options.ShardCount));
        for (var i = 0; i < options.ShardCount && time.GetElapsedTime(began) < Budget; i++)
        {
            await reconcile.RunAsync((first + i) % options.ShardCount, settle: null, cancellationToken);
        }
    }

    /// <summary>Deletes the history of instances that finished and began longer ago than any is of use.</summary>
    [Function("PurgeInstances")]
    public async Task PurgeInstancesAsync(
        [TimerTrigger("%PurgeSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        var filter = new PurgeInstancesFilter(CreatedTo: time.GetUtcNow() - Retention, Statuses: Finished);
        var purged = await client.PurgeAllInstancesAsync(filter, cancellationToken);
        Purged(purged.PurgedInstanceCount);
    }

    /// <summary>Removes events that are too old for any reader.</summary>
    [Function("TrimEvents")]
    public async Task TrimEventsAsync(
        [TimerTrigger("%PurgeSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    ) => Trimmed(await trim.RunAsync(cancellationToken));

    [LoggerMessage(LogLevel.Information, "{Count} old events trimmed.")]
    private partial void Trimmed(int count);

    [LoggerMessage(LogLevel.Information, "{Count} finished instances purged.")]
    private partial void Purged(int count);
}
