using System.Security.Cryptography;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// Wakes leases when they are due. It waits and relays; what a wake-up means is the lease's affair. One that hangs or
/// fails takes one place of many for a while, and comes again later and later.
/// </summary>
public sealed partial class LeaseRunner(
    WakeupTimers timers,
    WakeLease wake,
    TimeProvider time,
    EngineOptions options,
    ILogger<LeaseRunner> logger
) : BackgroundService
{
    private const int AtOnce = 32;

    /// <summary>Between looks at the table, on the wall.</summary>
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(2);

    /// <summary>Of one wake-up, on the wall: longer than any call that it makes and its retries.</summary>
    private static readonly TimeSpan WakeWithin = TimeSpan.FromSeconds(60);

    /// <summary>On the wall, before a wake-up that failed comes again; doubles up to the longest.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

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
                // Twice the way to the next look: what is due before it is in memory before it is due.
                await timers.SweepAsync(2 * SweepEvery * options.Speed, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                SweepFailed(exception);
            }
        } while (await every.WaitForNextTickAsync(stoppingToken));
    }

    private Task WakeAsync(CancellationToken stoppingToken) =>
        Parallel.ForEachAsync(
            timers.TakeAsync(stoppingToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
            WakeAsync
        );

    private async ValueTask WakeAsync(Wakeup wakeup, CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(WakeWithin);
        try
        {
            await wake.RunAsync(wakeup, patience.Token);
            timers.Done(wakeup);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            WakeFailed(wakeup.Lease, exception);
            timers.Failed(wakeup, Again);
        }
    }

    /// <summary>Half of the wait is by chance, so that what failed together does not come again together.</summary>
    private DateTimeOffset Again(int failures)
    {
        var most = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        var wait = most < LongestRetry ? most : LongestRetry;
        return time.GetUtcNow() + (wait * (0.5 + (RandomNumberGenerator.GetInt32(500) / 1000.0)) * options.Speed);
    }

    [LoggerMessage(LogLevel.Warning, "The due table could not be swept; the next sweep tries again.")]
    private partial void SweepFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease} could not be woken; it is tried again.")]
    private partial void WakeFailed(LeaseId lease, Exception exception);
}
