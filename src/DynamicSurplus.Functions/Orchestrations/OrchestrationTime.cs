using Microsoft.DurableTask;

namespace DynamicSurplus.Functions.Orchestrations;

internal static class OrchestrationTime
{
    /// <summary>
    /// Timers of this platform are cut to whole seconds: they may fire this much early, and a shorter one at once.
    /// </summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromSeconds(1);

    /// <summary>The time that a replay sees again.</summary>
    public static DateTimeOffset UtcNow(this TaskOrchestrationContext context) =>
        new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));

    /// <summary>
    /// Waits until an instant or until something happens, whichever is first. It may come back early: whoever waited
    /// looks at the time again.
    /// </summary>
    /// <param name="happening">Stays open if the timer wins: the same one is waited for next.</param>
    public static async Task WaitAsync(this TaskOrchestrationContext context, DateTimeOffset until, Task happening)
    {
        // What little is left after an early timer takes one more turn, a second late, rather than many.
        var soonest = context.UtcNow() + TimerSlack;
        var fireAt = until >= soonest ? until : soonest + TimerSlack;
        // A timer that is left open would keep a finished instance running. It is cancelled at once, and not
        // asynchronously: an orchestrator awaits nothing that its replay could not see.
#pragma warning disable VSTHRD003, VSTHRD103, CA1849, MA0042
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimer(fireAt.UtcDateTime, cancel.Token);
        if (await Task.WhenAny(timer, happening) != timer)
        {
            cancel.Cancel();
        }
#pragma warning restore VSTHRD003, VSTHRD103, CA1849, MA0042
    }
}
