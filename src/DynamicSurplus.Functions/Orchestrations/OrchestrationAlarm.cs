using Microsoft.DurableTask;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>
/// The one timer of an orchestration: set to another instant it is another, else the same goes on, for each costs a
/// message, and a turn when it fires, cancelled or not.
/// </summary>
internal sealed class OrchestrationAlarm(TaskOrchestrationContext context) : IDisposable
{
    /// <summary>
    /// Timers of this platform are cut to whole seconds: they may fire this much early, and a shorter one at once.
    /// </summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private CancellationTokenSource? _cancel;
    private Task _timer = Task.CompletedTask;
    private DateTimeOffset _until;

    /// <summary>
    /// Waits until an instant or until something happens, whichever is first. It may come back early: whoever waited
    /// looks at the time again.
    /// </summary>
    /// <param name="happening">Stays open if the timer wins: the same one is waited for next.</param>
    public async Task WaitAsync(DateTimeOffset until, Task happening)
    {
        if (_timer.IsCompleted || _until != until)
        {
            Dispose();
            // What little is left after an early timer takes one more turn, a second late, rather than many.
            var soonest = context.UtcNow() + Slack;
            var fireAt = until >= soonest ? until : soonest + Slack;
            _cancel = new();
            (_timer, _until) = (context.CreateTimer(fireAt.UtcDateTime, _cancel.Token), until);
        }
#pragma warning disable VSTHRD003 // both are the orchestration's own, and end in its own turns
        await Task.WhenAny(_timer, happening);
#pragma warning restore VSTHRD003
    }

    /// <summary>Cancels the timer: one that is left open would keep a finished instance running.</summary>
    public void Dispose()
    {
        _cancel?.Cancel();
        _cancel?.Dispose();
        _cancel = null;
        _timer = Task.CompletedTask;
    }
}
