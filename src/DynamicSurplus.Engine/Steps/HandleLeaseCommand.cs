using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// One command to one lease, to the end: decided, journalled, its effects done as far as they can be now.
/// </summary>
public sealed class HandleLeaseCommand(LeaseStreams streams, PerformLeaseEffects effects)
{
    /// <exception cref="ContendedException">Others changed the lease at every try; nothing was decided.</exception>
    public async Task<LeaseOutcome> RunAsync(
        LeaseId lease,
        LeaseCommand command,
        CancellationToken cancellationToken
    ) => await RunAsync(await streams.ReadAsync(lease, cancellationToken), command, cancellationToken);

    public async Task<LeaseOutcome> RunAsync(
        LeaseState state,
        LeaseCommand command,
        CancellationToken cancellationToken
    )
    {
        var outcome = await streams.AppendAsync(state, command, [], cancellationToken);
        return outcome with { State = await effects.RunAsync(outcome.State, cancellationToken) };
    }
}
