using DynamicSurplus.Measures;

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

    public sealed record ReclaimDecided(DateTimeOffset At, ReclaimReason Reason, int Gpus) : LeaseEvent(At);

    /// <param name="At">When it was sent.</param>
    /// <param name="Deadline">The forced end: sent + notice, or the end of the term if that is earlier.</param>
    public sealed record NoticeSent(DateTimeOffset At, ReclaimReason Reason, int Gpus, DateTimeOffset Deadline)
        : LeaseEvent(At);

    public sealed record Ended(DateTimeOffset At, EndReason Reason, string? Detail = null) : LeaseEvent(At);

    public sealed record Settled(DateTimeOffset At, long BilledSeconds, MicroUsd Amount) : LeaseEvent(At);
}
