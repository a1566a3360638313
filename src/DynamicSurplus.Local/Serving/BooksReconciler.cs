using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>Holds the books against the journals now and then, as long as the host runs.</summary>
internal sealed partial class BooksReconciler(
    ReconcileBooks reconcile,
    EngineOptions options,
    ILogger<BooksReconciler> logger
) : BackgroundService
{
    /// <summary>On the wall: what it mends is rare, and a pass reads every live lease.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                for (var shard = 0; shard < options.ShardCount; shard++)
                {
                    await reconcile.RunAsync(shard, settle: null, stoppingToken);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                PassFailed(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The books could not be reconciled; the next pass tries again.")]
    private partial void PassFailed(Exception exception);
}
