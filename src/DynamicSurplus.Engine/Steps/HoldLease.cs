using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Binds terms to GPUs. Order: (1) a wake-up for the lease, so that whatever a crash leaves is found; (2) the book and the
/// reservation, in one transaction; (3) the event Held, which makes it a lease.
/// </summary>
public sealed class HoldLease(
    HandleLeaseCommand handle,
    CapacityLedgers ledgers,
    IWakeups wakeups,
    EngineClock clock,
    EngineOptions options
)
{
    /// <returns>The lease (held now, or by an earlier try of the same request), or why its GPUs cannot be held.</returns>
    public async Task<HoldOutcome> RunAsync(
        LeaseId id,
        CommandId command,
        LeaseTerms terms,
        TimeSpan quoteLife,
        string requestHash,
        RateEntry entry,
        CancellationToken cancellationToken
    )
    {
        var now = clock.UtcNow;
        var (expiresAt, tick) = (now + quoteLife, clock.Tick);
        var lapsesAt = expiresAt + options.LapseGrace;
        await wakeups.ScheduleAsync(new(id, terms.Fleet, lapsesAt), cancellationToken);

        var reservation = new Reservation(
            terms.Fleet,
            id,
            terms.Tenant,
            terms.Tier,
            terms.Gpus,
            terms.Rate,
            terms.Notice,
            terms.MinimumRun,
            terms.LongTerm,
            terms.InterruptionProbability,
            tick,
            ReservationState.Held
        );
        if (await ledgers.HoldAsync(reservation, entry, cancellationToken) is { } refusal)
        {
            return new HoldOutcome.NotAdmitted(refusal);
        }
        var hold = new LeaseCommand.Hold(command, now, tick, terms, expiresAt, lapsesAt, requestHash);
        var state = new LeaseState(Lease.None(id), LeaseEventEnvelope.NoHash, []);
        var outcome = await handle.RunAsync(state, hold, cancellationToken);
        if (outcome.Lease.Terms?.Fleet != terms.Fleet)
        {
            // Somebody closed or took the stream first: these GPUs belong to nobody.
            await ledgers.ReleaseAsync(terms.Fleet, id, clock.UtcNow, cancellationToken);
        }
        return new HoldOutcome.Decided(outcome);
    }
}
