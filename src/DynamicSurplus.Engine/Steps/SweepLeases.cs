using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Wakes the leases that whoever should have woken them has missed: the due table is the truth, every other timer only
/// the fast path.
/// </summary>
public sealed partial class SweepLeases(
    IWakeups wakeups,
    WakeLease wake,
    EngineClock clock,
    ILogger<SweepLeases> logger
)
{
    /// <summary>Wake-ups of one pass; what is left is the next one's.</summary>
    public const int MostWakeups = 1000;

    private const int AtOnce = 8;

    /// <param name="overdue">How late a wake-up must be before it is taken for missed.</param>
    /// <returns>How many were handled; <see cref="MostWakeups"/>: there may be more.</returns>
    public async Task<int> RunAsync(TimeSpan overdue, CancellationToken cancellationToken)
    {
        var due = await wakeups.DueAsync(clock.UtcNow - overdue, MostWakeups, cancellationToken);
        var handled = 0;
        await Parallel.ForEachAsync(
            due.GroupBy(wakeup => wakeup.Lease),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (ofLease, token) =>
            {
                foreach (var wakeup in ofLease)
                {
                    Interlocked.Add(ref handled, await WakeAsync(wakeup, token) ? 1 : 0);
                }
            }
        );
        return handled;
    }

    private async Task<bool> WakeAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        try
        {
            await wake.RunAsync(wakeup, cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            WakeFailed(wakeup.Lease, exception);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Lease {Lease} could not be woken; the next sweep finds it again.")]
    private partial void WakeFailed(LeaseId lease, Exception exception);
}
