using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>Wakes leases when they are due. It waits and relays; what a wake-up means is the lease's affair.</summary>
public sealed partial class LeaseRunner(
    WakeupTimers timers,
    WakeLease wake,
    TimeProvider time,
    ILogger<LeaseRunner> logger
) : BackgroundService
{
    private const int BatchSize = 64;
    private const int AtOnce = 8;

    /// <summary>
    /// Between looks at the table, on the wall: finds what a crash, or another instance, left behind.
    /// </summary>
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(SweepAsync(stoppingToken), WakeAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        using var every = new PeriodicTimer(SweepEvery);
        do
        {
            try
            {
                foreach (var wakeup in await timers.DueAsync(time.GetUtcNow(), 256, stoppingToken))
                {
                    timers.Remember(wakeup);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                SweepFailed(exception);
            }
        } while (await every.WaitForNextTickAsync(stoppingToken));
    }

    private async Task WakeAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var due = timers.TakeDue(time.GetUtcNow(), BatchSize, out var next);
            if (due.Count > 0)
            {
                // Wake-ups of one lease go one after the other; they would only contend.
                await Parallel.ForEachAsync(
                    due.GroupBy(wakeup => wakeup.Lease),
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
                    async (ofLease, token) =>
                    {
                        foreach (var wakeup in ofLease)
                        {
                            await WakeAsync(wakeup, token);
                        }
                    }
                );
                continue;
            }
            var changed = timers.ChangedAsync(stoppingToken);
            await (next is { } at ? Task.WhenAny(changed, DelayUntilAsync(at, stoppingToken)) : changed);
        }
    }

    private async Task WakeAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        try
        {
            await wake.RunAsync(wakeup, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            WakeFailed(wakeup.Lease, exception);
        }
        finally
        {
            timers.Forget(wakeup);
        }
    }

    private Task DelayUntilAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var wait = at - time.GetUtcNow();
        return Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The due table could not be swept; the next sweep tries again.")]
    private partial void SweepFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease} could not be woken; the next sweep finds it again.")]
    private partial void WakeFailed(LeaseId lease, Exception exception);
}
