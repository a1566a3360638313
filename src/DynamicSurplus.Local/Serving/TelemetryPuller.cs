using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// Pulls the telemetry of the fleets that declare a source: at the start, and then a little before each tick's end, so
/// that the next tick prices what is new.
/// </summary>
internal sealed partial class TelemetryPuller(
    PullTelemetry pull,
    EngineClock clock,
    EngineOptions options,
    TimeProvider time,
    ILogger<TelemetryPuller> logger
) : BackgroundService
{
    /// <summary>10 s before the tick ends: two more than a slow source has; a sixth of shorter ticks.</summary>
    private TimeSpan Lead => TimeSpan.FromSeconds(Math.Min(10, options.TickLength.Seconds / 6.0));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await PassAsync(stoppingToken);
            var wait = clock.Tick.Plus(1, options.TickLength).Start - Lead - clock.UtcNow;
            await Task.Delay(wait > TimeSpan.Zero ? wait : wait + options.TickLength.Span, time, stoppingToken);
        }
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        try
        {
            await pull.RunAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            PassFailed(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Telemetry could not be pulled; the next tick's pull tries again.")]
    private partial void PassFailed(Exception exception);
}
