using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>
/// Takes GPUs of one fleet back: has notices given, waits until the last of them is over, reports. A shortage that
/// comes in between has more notices given, by the same instance: a fleet has one wave at a time.
/// </summary>
/// <remarks>Each lease's forced end is its own orchestration's; a wave that is lost loses only its report.</remarks>
public static class ReclaimWave
{
    /// <summary>Shortages after which the instance begins anew: one a tick for most of an hour.</summary>
    public const int MostTurns = 64;

    /// <summary>After the last deadline, for the leases' own wake-ups to end them.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    /// <summary>The one wave of a fleet.</summary>
    public static string InstanceOf(string fleet) => $"reclaim-{fleet}";

    [Function(nameof(ReclaimWave))]
    public static async Task<WaveReport?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var order = context.GetInput<ReclaimOrder>()!;
        var leases = new SortedSet<string>(StringComparer.Ordinal);
        var until = context.UtcNow();
        var isNew = true;
        var shortage = context.WaitForExternalEvent<ReclaimOrder>(ReclaimOrder.Signal);
        using var alarm = new OrchestrationAlarm(context);
        for (var turn = 0; turn < MostTurns || shortage.IsCompleted; turn++)
        {
            if (shortage.IsCompleted)
            {
                (order, isNew) = (await shortage, true);
                shortage = context.WaitForExternalEvent<ReclaimOrder>(ReclaimOrder.Signal);
            }
            else if (isNew)
            {
                isNew = false;
                foreach (var notice in await GiveNoticeAsync(context, order))
                {
                    leases.Add(notice.Lease);
                    var over = (notice.Deadline ?? context.UtcNow()) + Settling;
                    until = over > until ? over : until;
                }
            }
            else if (leases.Count == 0)
            {
                return new(0, 0, 0, 0);
            }
            else if (context.UtcNow() < until)
            {
                await alarm.WaitAsync(until, shortage);
            }
            else
            {
                return await ReportAsync(context, leases);
            }
        }
        alarm.Dispose();
        // What was noticed so far is found in notice again.
        context.ContinueAsNew(order, preserveUnprocessedEvents: true);
        return null;
    }

    /// <summary>Where it failed at every try, the next tick's shortage begins another wave.</summary>
    private static async Task<IReadOnlyList<WaveNotice>> GiveNoticeAsync(
        TaskOrchestrationContext context,
        ReclaimOrder order
    )
    {
        try
        {
            return await context.CallActivityAsync<WaveNotice[]>(
                ReclaimActivities.GiveNotice,
                order,
                RetryPolicies.Storage
            );
        }
        catch (TaskFailedException)
        {
            return [];
        }
    }

    private static async Task<WaveReport?> ReportAsync(
        TaskOrchestrationContext context,
        IReadOnlyCollection<string> leases
    )
    {
        try
        {
            return await context.CallActivityAsync<WaveReport>(
                ReclaimActivities.ReportWave,
                leases.ToArray(),
                RetryPolicies.Storage
            );
        }
        catch (TaskFailedException)
        {
            return null;
        }
    }
}
