using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>One command each to several leases of a fleet, at the same tick.</summary>
public sealed partial class CommandLeases(HandleLeaseCommand handle, EngineClock clock, ILogger<CommandLeases> logger)
{
    private const int AtOnce = 8;

    /// <summary>
    /// One lease that cannot be reached keeps no other from its command; the next tick sees what is still to be done.
    /// </summary>
    /// <param name="command">Given the id, which names <paramref name="what"/> and the tick, and the time.</param>
    /// <param name="isDone">Whether the lease is now as the command would have it.</param>
    /// <returns>How many leases are.</returns>
    public async Task<int> RunAsync<T>(
        IEnumerable<T> items,
        Func<T, LeaseId> leaseOf,
        Func<T, CommandId, DateTimeOffset, Tick, LeaseCommand> command,
        Func<Lease, bool> isDone,
        string what,
        CancellationToken cancellationToken
    )
    {
        var tick = clock.Tick;
        var id = CommandId.From($"{what}-{tick}");
        var done = 0;
        await Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                try
                {
                    var order = command(item, id, clock.UtcNow, tick);
                    var outcome = await handle.RunAsync(leaseOf(item), order, token);
                    Interlocked.Add(ref done, isDone(outcome.Lease) ? 1 : 0);
                }
                catch (Exception exception) when (!token.IsCancellationRequested)
                {
                    CommandFailed(leaseOf(item), what, exception);
                }
            }
        );
        return done;
    }

    [LoggerMessage(LogLevel.Warning, "Lease {Lease}: {What} failed; the next tick tries again.")]
    private partial void CommandFailed(LeaseId lease, string what, Exception exception);
}
