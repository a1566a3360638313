using DynamicSurplus.Engine.Steps;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>Takes telemetry from the queue as it comes; looks less often while nothing does.</summary>
internal sealed partial class TelemetryConsumer(ConsumeTelemetry consume, ILogger<TelemetryConsumer> logger)
    : BackgroundService
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wait = ShortestWait;
        while (!stoppingToken.IsCancellationRequested)
        {
            var handled = await PassAsync(stoppingToken);
            wait =
                handled > 0 ? ShortestWait
                : wait * 2 > LongestWait ? LongestWait
                : wait * 2;
            await Task.Delay(wait, stoppingToken);
        }
    }

    private async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await consume.RunAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            PassFailed(exception);
            return 0;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Telemetry could not be taken from the queue; it stays there.")]
    private partial void PassFailed(Exception exception);
}
