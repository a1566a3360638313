using System.Globalization;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Another term for a running lease, asked for or by itself, at the rate of this moment.</summary>
public sealed class RenewLease(FleetOffers offers, HandleLeaseCommand handle, EngineClock clock, EngineOptions options)
{
    /// <param name="term">Null: as long as the first.</param>
    /// <exception cref="ContendedException">Others changed the lease at every try; nothing was decided.</exception>
    public async Task<LeaseOutcome> RunAsync(
        LeaseState state,
        CommandId command,
        TimeSpan? term,
        CancellationToken cancellationToken
    )
    {
        var lease = state.Lease;
        if (lease.Handled.Contains(command))
        {
            return new(state, null);
        }
        // What does not run the decider refuses, whatever its fleet offers.
        var renewal = lease.IsRenewable ? await NowAsync(lease, cancellationToken) : new(lease.Terms!.Rate, default);
        return renewal.Refusal is { } refusal
            ? new(state, new(LeaseRefusalCode.NotRenewable, refusal))
            : await handle.RunAsync(
                state,
                renewal.Command(lease, command, clock.UtcNow, clock.Tick, term),
                cancellationToken
            );
    }

    /// <summary>Renews a lease whose time for that has come, or writes down why it ends with its term.</summary>
    public async Task<LeaseState> ByItselfAsync(LeaseState state, CancellationToken cancellationToken)
    {
        var lease = state.Lease;
        var ending = lease.EndsAt!.Value.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var renewal = await NowAsync(lease, cancellationToken);
        var refusal = renewal.Refusal;
        if (refusal is null)
        {
            var command = renewal.Command(lease, CommandId.From($"renew-{ending}"), clock.UtcNow, clock.Tick);
            var outcome = await handle.RunAsync(state, command, cancellationToken);
            (state, refusal) = (outcome.State, outcome.Refusal?.Detail);
        }
        return refusal is null
            ? state
            : (
                await handle.RunAsync(
                    state,
                    new LeaseCommand.DeclineRenewal(
                        CommandId.From($"renew-not-{ending}"),
                        clock.UtcNow,
                        clock.Tick,
                        refusal
                    ),
                    cancellationToken
                )
            ).State;
    }

    private async Task<Renewal> NowAsync(Lease lease, CancellationToken cancellationToken)
    {
        var found = await offers.ForAsync(lease, cancellationToken);
        return Renewal.Of(
            lease,
            found?.Priced.Offer,
            found?.Priced.Entry.Slice ?? default,
            found?.Book ?? new(lease.Terms!.Fleet),
            found?.Priced.Entry.Tick ?? Tick.None,
            clock.UtcNow,
            options.TickLength
        );
    }
}
