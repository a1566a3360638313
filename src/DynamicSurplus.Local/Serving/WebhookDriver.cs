using System.Collections.Concurrent;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Webhooks;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// Gives every webhook that is due its turn, a second after the last look. Turns run side by side: a slow receiver
/// holds up no other's events.
/// </summary>
public sealed partial class WebhookDriver(DeliverWebhooks deliver, ILogger<WebhookDriver> logger) : BackgroundService
{
    /// <summary>Turns at once; whoever finds no room is looked at again a second later.</summary>
    private const int Most = 64;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(TenantId Tenant, WebhookId Id), Task> _turns = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await Task.WhenAll(_turns.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var due in await deliver.DueAsync(cancellationToken))
            {
                var name = (due.Value.Tenant, due.Value.Id);
                if (_turns.Count < Most && !_turns.ContainsKey(name))
                {
                    _turns[name] = TurnAsync(name, due, cancellationToken);
                }
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LookFailed(failure);
        }
    }

    private async Task TurnAsync(
        (TenantId, WebhookId) name,
        Versioned<Webhook> due,
        CancellationToken cancellationToken
    )
    {
        await Task.Yield(); // it is noted before it can be over
        try
        {
            await deliver.RunAsync(due, cancellationToken);
        }
        finally
        {
            _turns.TryRemove(name, out _);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Webhooks could not be looked at; the next look comes in a second.")]
    private partial void LookFailed(Exception failure);
}
