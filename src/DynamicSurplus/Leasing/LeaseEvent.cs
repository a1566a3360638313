using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Leasing;

/// <summary>What happened to a lease. Stored for ever: members are added, never renamed.</summary>
/// <param name="At">When it took effect, UTC; never before the event that precedes it.</param>
public abstract record LeaseEvent(DateTimeOffset At)
{
    public sealed record Held(
        DateTimeOffset At,
        LeaseTerms Terms,
        DateTimeOffset ExpiresAt,
        DateTimeOffset LapsesAt,
        string RequestHash
    ) : LeaseEvent(At);

    /// <param name="Abandoned">
    /// The fleet whose GPUs were reserved, where the hold itself never came; null after a hold.
    /// </param>
    public sealed record Lapsed(DateTimeOffset At, FleetId? Abandoned = null) : LeaseEvent(At);

    public sealed record Accepted(DateTimeOffset At) : LeaseEvent(At);

    public sealed record Granted(DateTimeOffset At, DateTimeOffset EndsAt) : LeaseEvent(At);

    /// <param name="Gpus">All that it has, or fewer.</param>
    /// <param name="Drill">
    /// An exercise: what follows is told as it would be, and takes nothing; null: it is real.
    /// </param>
    public sealed record ReclaimDecided(DateTimeOffset At, ReclaimReason Reason, int Gpus, bool? Drill = null)
        : LeaseEvent(At);

    /// <param name="At">When it was sent.</param>
    /// <param name="Deadline">The forced end: sent + notice, or the end of the term if that is earlier.</param>
    /// <param name="Drill">As of the reclaim.</param>
    public sealed record NoticeSent(
        DateTimeOffset At,
        ReclaimReason Reason,
        int Gpus,
        DateTimeOffset Deadline,
        bool? Drill = null
    ) : LeaseEvent(At);

    /// <summary>The reclaim is withdrawn, or was a drill and is over: nothing was taken.</summary>
    /// <param name="CoolDownUntil">No other notice before; null after a drill.</param>
    public sealed record Rescinded(DateTimeOffset At, RescindReason Reason, DateTimeOffset? CoolDownUntil = null)
        : LeaseEvent(At);

    /// <summary>The notice of a reclaim in part is over.</summary>
    /// <param name="Gpus">That it goes on with.</param>
    public sealed record Shrunk(DateTimeOffset At, int Gpus) : LeaseEvent(At);

    /// <summary>Another term follows the present one.</summary>
    /// <param name="From">The end of the present one: from then on it costs <paramref name="Rate"/>.</param>
    public sealed record Renewed(DateTimeOffset At, DateTimeOffset From, DateTimeOffset EndsAt, Rate Rate)
        : LeaseEvent(At);

    /// <summary>It was to be renewed by itself, and cannot be: it ends with its term.</summary>
    public sealed record NotRenewed(DateTimeOffset At, string Detail) : LeaseEvent(At);

    /// <summary>What it has cost has reached a share of its spend cap.</summary>
    /// <param name="Percent">50, 80 or 100; at 100 it ends.</param>
    public sealed record SpendReached(DateTimeOffset At, int Percent) : LeaseEvent(At);

    /// <summary>Its fleet has few GPUs left before leases are given notice.</summary>
    /// <param name="CushionGpus">How many, 0 or more.</param>
    public sealed record CushionLow(DateTimeOffset At, int CushionGpus) : LeaseEvent(At);

    /// <summary>Its customer is owed something by rule: so many GPU-seconds at a rate.</summary>
    /// <param name="Amount">A statement deducts at most what the lease has cost.</param>
    public sealed record Credited(
        DateTimeOffset At,
        CreditReason Reason,
        Rate Rate,
        int Gpus,
        long Seconds,
        MicroUsd Amount
    ) : LeaseEvent(At);

    public sealed record Ended(DateTimeOffset At, EndReason Reason, string? Detail = null) : LeaseEvent(At);

    /// <param name="BilledSeconds">Of all usage lines.</param>
    /// <param name="Lines">
    /// What the amount is the sum of; null: the one line of a lease that was billed before these.
    /// </param>
    public sealed record Settled(
        DateTimeOffset At,
        long BilledSeconds,
        MicroUsd Amount,
        ValueList<StatementLine>? Lines = null
    ) : LeaseEvent(At);

    /// <summary>Usage that was heard of after the settlement.</summary>
    /// <param name="GpuSeconds">Below 0: less was used than billed.</param>
    /// <param name="Rate">The last that the lease had.</param>
    /// <param name="Amount">Of them; below 0 with them.</param>
    public sealed record Corrected(DateTimeOffset At, long GpuSeconds, Rate Rate, MicroUsd Amount, string Detail)
        : LeaseEvent(At);
}
