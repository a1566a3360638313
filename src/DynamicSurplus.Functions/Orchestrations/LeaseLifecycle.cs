using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>
/// Follows one lease from its hold to its end: waits until it is to be looked at, or for word that it changed, and has
/// it looked at. What a look does is the lease's affair; here is no rule about leases.
/// </summary>
/// <remarks>
/// The instance's id is the lease's. Nothing depends on it alone: what it waits for is in the due table too, and what
/// it may miss the sweep finds. See docs/azure.md for what a deployment may change here.
/// </remarks>
public static class LeaseLifecycle
{
    /// <summary>
    /// Turns after which the instance begins anew, for its history is loaded at each: a lease has about nine in a
    /// billing period, one that is called to all the time no more than these.
    /// </summary>
    public const int MostTurns = 64;

    /// <summary>Between two looks of which the first found it too early: clocks of machines differ.</summary>
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    [Function(nameof(LeaseLifecycle))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var watch = context.GetInput<LeaseWatch>()!;
        var periodEnd = BillingPeriodEnd(context.UtcNow());
        // One wait at a time, and the same one until it is over: an abandoned wait would swallow what comes.
        var signal = context.WaitForExternalEvent<LeaseSignal>(LeaseSignal.Name);
        using var alarm = new OrchestrationAlarm(context);
        for (var turn = 0; turn < MostTurns || signal.IsCompleted; turn++)
        {
            var now = context.UtcNow();
            if (signal.IsCompleted)
            {
                var at = (await signal).At;
                watch = at < watch.At ? watch with { At = at } : watch;
                signal = context.WaitForExternalEvent<LeaseSignal>(LeaseSignal.Name);
            }
            else if (now < watch.At && now < periodEnd)
            {
                await alarm.WaitAsync(watch.At < periodEnd ? watch.At : periodEnd, signal);
            }
            else if (now < watch.At)
            {
                break;
            }
            else if (await LookAsync(context, watch) is { } next)
            {
                var soonest = context.UtcNow() + LeastWait;
                watch = watch with { At = next > soonest ? next : soonest };
            }
            else
            {
                return;
            }
        }
        alarm.Dispose();
        context.ContinueAsNew(watch, preserveUnprocessedEvents: true);
    }

    /// <summary>Statements are made by UTC month.</summary>
    private static DateTimeOffset BillingPeriodEnd(DateTimeOffset now) =>
        new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);

    /// <returns>When to look again; null: the lease is over.</returns>
    private static async Task<DateTimeOffset?> LookAsync(TaskOrchestrationContext context, LeaseWatch watch)
    {
        try
        {
            var look = await context.CallActivityAsync<LeaseLook>(LeaseActivities.Wake, watch, RetryPolicies.Storage);
            return look.Next;
        }
        catch (TaskFailedException)
        {
            // It has been logged where it failed; an instance that failed for good would help nobody.
            return context.UtcNow() + RetryPolicies.Rest;
        }
    }
}
