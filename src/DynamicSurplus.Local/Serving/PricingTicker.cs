using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// Runs the pricing cycle of every shard at each tick. Where one takes longer than a tick, the next one covers the gap.
/// </summary>
internal sealed partial class PricingTicker(
    RunPricingCycle cycle,
    EngineClock clock,
    EngineOptions options,
    TimeProvider time,
    ILogger<PricingTicker> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            for (var shard = 0; shard < options.ShardCount; shard++)
            {
                await RunAsync(shard, stoppingToken);
            }
            var wait = clock.Tick.Plus(1, options.TickLength).Start - clock.UtcNow;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, stoppingToken);
        }
    }

    private async Task RunAsync(int shard, CancellationToken cancellationToken)
    {
        try
        {
            await cycle.RunAsync(shard, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            CycleFailed(shard, clock.Tick, exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "Shard {Shard} was not priced at tick {Tick}; the next tick covers the gap.")]
    private partial void CycleFailed(int shard, Tick tick, Exception exception);
}
