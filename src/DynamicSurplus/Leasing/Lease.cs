using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// What a lease's events add up to. Made by <see cref="LeaseDecider.Evolve"/> alone; which members are set follows from
/// <see cref="Status"/>. All times are UTC.
/// </summary>
public sealed record Lease
{
    public required LeaseId Id { get; init; }

    /// <summary>Events so far; 0 before the first.</summary>
    public long Version { get; init; }

    public LeaseStatus Status { get; init; }

    /// <summary>Where its GPUs are reserved; known even where the stream was closed before it began.</summary>
    public FleetId? Fleet { get; init; }

    /// <summary>Null only before the hold, and for ever where the stream was closed before it began.</summary>
    public LeaseTerms? Terms { get; init; }

    public DateTimeOffset? HeldAt { get; init; }

    /// <summary>The last instant at which an acceptance may arrive.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When an unaccepted hold gives its GPUs back: a grace after <see cref="ExpiresAt"/>.</summary>
    public DateTimeOffset? LapsesAt { get; init; }

    /// <summary>Of the body that was held: a retry brings the same.</summary>
    public string? RequestHash { get; init; }

    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>When the machines were handed over: billing starts.</summary>
    public DateTimeOffset? GrantedAt { get; init; }

    /// <summary>The end of its term.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Why its GPUs are, or were, taken back; null: they never were.</summary>
    public ReclaimReason? ReclaimReason { get; init; }

    /// <summary>GPUs that are, or were, taken back.</summary>
    public int ReclaimedGpus { get; init; }

    public DateTimeOffset? NoticeSentAt { get; init; }

    /// <summary>The forced end: never before <see cref="NoticeSentAt"/> + notice, unless the term ends first.</summary>
    public DateTimeOffset? NoticeDeadline { get; init; }

    /// <summary>When its GPUs went back: billing stops.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public EndReason? EndReason { get; init; }

    /// <summary>The reason in words, where there is more to say than <see cref="EndReason"/>.</summary>
    public string? EndDetail { get; init; }

    /// <summary>Null until settled.</summary>
    public long? BilledSeconds { get; init; }

    /// <summary>Null until settled.</summary>
    public MicroUsd? Amount { get; init; }

    /// <summary>No later event is before it.</summary>
    public DateTimeOffset LastEventAt { get; init; } = DateTimeOffset.MinValue;

    public HandledCommands Handled { get; init; }

    /// <summary>The instant at which time alone changes the lease; null: never.</summary>
    public DateTimeOffset? NextWake =>
        Status switch
        {
            LeaseStatus.Held => LapsesAt,
            LeaseStatus.Granting => GrantDeadline,
            LeaseStatus.Active => EndsAt,
            LeaseStatus.Reclaiming => NoticeDeadline ?? EndsAt,
            _ => null,
        };

    /// <summary>
    /// Until when the machines may come: the grant's time-out, or the term's last instant if that is earlier.
    /// </summary>
    private DateTimeOffset? GrantDeadline
    {
        get
        {
            var timeout = AcceptedAt + Terms?.GrantTimeout;
            return Terms?.EndsAtLatest < timeout ? Terms?.EndsAtLatest : timeout;
        }
    }

    /// <summary>The start of every lease.</summary>
    public static Lease None(LeaseId id) => new() { Id = id };
}
