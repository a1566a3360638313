using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Binds terms to GPUs. Order: (0) the tenant's limits; (1) a wake-up for the lease, so that whatever a crash leaves is
/// found, and the request's count, so that the fleet's book is watched; (2) the book and the reservation, in one
/// transaction; (3) the event Held, which makes it a lease.
/// </summary>
public sealed class HoldLease(
    HandleLeaseCommand handle,
    CapacityLedgers ledgers,
    TenantLimits limits,
    IWakeups wakeups,
    EngineClock clock,
    EngineOptions options
)
{
    /// <param name="quoteLife">How long the terms stay bound.</param>
    /// <param name="requestHash">Of the request's body: the same key with another body is another request.</param>
    /// <param name="entry">The line of the rate book that the terms were made of: its slice admits them.</param>
    /// <param name="count">Counts the request as demand; not called where a limit refuses it.</param>
    /// <exception cref="ContendedException">Others were faster at every try: nothing is held.</exception>
    public async Task<HoldOutcome> RunAsync(
        LeaseId id,
        CommandId command,
        LeaseTerms terms,
        TimeSpan quoteLife,
        string requestHash,
        RateEntry entry,
        Func<Task> count,
        CancellationToken cancellationToken
    )
    {
        var (now, tick) = (clock.UtcNow, clock.Tick);
        var lapsesAt = now + quoteLife + options.LapseGrace;
        var taking = await limits.TakeAsync(terms.Tenant, id, terms.Gpus, lapsesAt, cancellationToken);
        if (taking.Refusal is { } refusal)
        {
            return new(new ReserveOutcome.OverLimit(refusal), null);
        }
        await Task.WhenAll(wakeups.ScheduleAsync(new(id, terms.Fleet, lapsesAt), cancellationToken), count());

        var reserve = await ReserveAsync(id, terms, entry, taking, cancellationToken);
        if (reserve is not ReserveOutcome.Reserved)
        {
            return new(reserve, null);
        }
        var hold = new LeaseCommand.Hold(command, now, tick, terms, now + quoteLife, lapsesAt, requestHash);
        var outcome = await handle.RunAsync(LeaseState.New(id), hold, cancellationToken);
        if (outcome.Lease.Fleet != terms.Fleet || outcome.Lease.IsOver)
        {
            // An earlier try of the same request took the stream to another fleet, or to its end so long ago that no
            // tombstone is left: these GPUs are nobody's.
            await ledgers.ReleaseAsync(terms.Fleet, id, cancellationToken);
        }
        EngineMetrics.Holds.Add(outcome.Refusal is null ? 1 : 0);
        return new(reserve, outcome);
    }

    /// <summary>Where nothing comes of it the hold counts no more, unless an earlier try's may be there.</summary>
    private async Task<ReserveOutcome> ReserveAsync(
        LeaseId id,
        LeaseTerms terms,
        RateEntry entry,
        HoldTaking taking,
        CancellationToken cancellationToken
    )
    {
        ReserveOutcome? outcome = null;
        try
        {
            outcome = await ledgers.ReserveAsync(Reservation.Of(id, terms, entry.Tick), entry.Slice, cancellationToken);
            return outcome;
        }
        catch (ContendedException)
        {
            outcome = new ReserveOutcome.Spent(); // nothing was written
            throw;
        }
        finally
        {
            if (taking.IsNew && outcome is not (null or ReserveOutcome.Reserved))
            {
                await limits.FreeAsync(terms.Tenant, id, cancellationToken);
            }
        }
    }
}
