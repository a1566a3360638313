using DynamicSurplus.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>
/// The due table, and beside it each lease's <see cref="LeaseLifecycle"/>, which is told of what is scheduled. The
/// table is the truth, and is written first; the orchestration is the fast path, and the sweep finds what it missed.
/// </summary>
public sealed partial class DurableWakeups(IWakeups table, DurableClientScope durable, ILogger<DurableWakeups> logger)
    : IWakeups
{
    public async Task ScheduleAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        await table.ScheduleAsync(wakeup, cancellationToken);
        if (durable.Client is not { } client)
        {
            return;
        }
        var watch = LeaseWatch.Of(wakeup);
        try
        {
            await client.SignalOrStartAsync(
                watch.Lease,
                (LeaseSignal.Name, new LeaseSignal(watch.At)),
                (nameof(LeaseLifecycle), watch),
                cancellationToken
            );
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It is in the table: no request fails for want of the fast path.
            NotTold(watch.Lease, watch.At, exception);
        }
    }

    public Task<IReadOnlyList<Wakeup>> DueAsync(DateTimeOffset until, int most, CancellationToken cancellationToken) =>
        table.DueAsync(until, most, cancellationToken);

    public Task<bool> IsScheduledAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
        table.IsScheduledAsync(wakeup, cancellationToken);

    public Task RemoveAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
        table.RemoveAsync(wakeup, cancellationToken);

    [LoggerMessage(
        LogLevel.Warning,
        "Lease {Lease}: its orchestration could not be told of {At}; the sweep will wake it."
    )]
    private partial void NotTold(string lease, DateTimeOffset at, Exception exception);
}
