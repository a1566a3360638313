using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

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

    /// <summary>The end of its term, or of the last one that it was renewed for.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>That it has, or will have once granted: fewer than held once some were taken back; 0 before.</summary>
    public int Gpus { get; init; }

    /// <summary>Not running until granted.</summary>
    public LeaseMeter Meter { get; init; }

    /// <summary>Why its GPUs are, or were last, taken back; null: they never were.</summary>
    public ReclaimReason? ReclaimReason { get; init; }

    /// <summary>GPUs that are, or were last, taken back.</summary>
    public int ReclaimedGpus { get; init; }

    /// <summary>The reclaim in progress is an exercise: it takes nothing.</summary>
    public bool IsDrill { get; init; }

    public DateTimeOffset? ReclaimDecidedAt { get; init; }

    public DateTimeOffset? NoticeSentAt { get; init; }

    /// <summary>The forced end: never before <see cref="NoticeSentAt"/> + notice, unless the term ends first.</summary>
    public DateTimeOffset? NoticeDeadline { get; init; }

    /// <summary>No notice is given before: an earlier one was withdrawn; null: none was.</summary>
    public DateTimeOffset? CoolDownUntil { get; init; }

    /// <summary>When its customer was last warned that a notice may come.</summary>
    public DateTimeOffset? WarnedAt { get; init; }

    /// <summary>The end of the term after which it is not renewed by itself, because that was not possible.</summary>
    public DateTimeOffset? NotRenewedPast { get; init; }

    /// <summary>Percent of its spend cap that was announced last; 0: none.</summary>
    public int SpendPercent { get; init; }

    /// <summary>What its customer is owed by rule, as promised; a statement deducts at most what there is.</summary>
    public ValueList<StatementLine> Credits { get; init; }

    /// <summary>Made after it was settled.</summary>
    public ValueList<StatementLine> Corrections { get; init; }

    /// <summary>When its GPUs went back: billing stops.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public EndReason? EndReason { get; init; }

    /// <summary>The reason in words, where there is more to say than <see cref="EndReason"/>.</summary>
    public string? EndDetail { get; init; }

    /// <summary>Null until settled.</summary>
    public long? BilledSeconds { get; init; }

    /// <summary>0 until settled.</summary>
    public long BilledGpuSeconds => BilledSeconds is null || !Meter.IsRunning ? 0 : Meter.GpuSeconds(EndedAt!.Value);

    /// <summary>What it costs, with all credits and corrections; null until settled.</summary>
    public MicroUsd? Amount { get; init; }

    /// <summary>No later event is before it.</summary>
    public DateTimeOffset LastEventAt { get; init; } = DateTimeOffset.MinValue;

    public HandledCommands Handled { get; init; }

    /// <summary>When somebody must look at it, unless something happens before; null: never.</summary>
    public DateTimeOffset? NextWake => Earliest(NextDue, RenewalDueAt);

    /// <summary>The instant at which time alone changes the lease; null: never.</summary>
    internal DateTimeOffset? NextDue =>
        Status switch
        {
            LeaseStatus.Held => LapsesAt,
            LeaseStatus.Granting => GrantDeadline,
            LeaseStatus.Active or LeaseStatus.Reclaiming => Earliest(EndsAt, Earliest(NoticeDeadline, NextSpend?.At)),
            _ => null,
        };

    /// <summary>
    /// When to try to renew it, where its customer wants that done by itself; null: not, or not any more.
    /// </summary>
    public DateTimeOffset? RenewalDueAt =>
        IsRenewable && Terms is { AutoRenew: true, Term: var term } && NotRenewedPast != EndsAt
            ? EndsAt - (term / 10 < MostRenewalLead ? term / 10 : MostRenewalLead)
            : null;

    /// <summary>It has no GPUs, and never will again.</summary>
    public bool IsOver => Status is LeaseStatus.Lapsed or LeaseStatus.Ended or LeaseStatus.Settled;

    /// <summary>Running, and not being taken back.</summary>
    public bool IsRenewable => Status == LeaseStatus.Active || (Status == LeaseStatus.Reclaiming && IsDrill);

    /// <summary>A reclaim that leaves it with some GPUs.</summary>
    internal bool IsReclaimedInPart => Status == LeaseStatus.Reclaiming && !IsDrill && ReclaimedGpus < Gpus;

    /// <summary>The next share of its spend cap, and when it is reached; null: never, or there is no cap.</summary>
    internal SpendMark? NextSpend => Terms?.SpendCap is { } cap ? SpendMark.Next(cap, Meter, SpendPercent) : null;

    /// <summary>The instant past which it costs nothing more, whatever happens to it, as things stand.</summary>
    internal DateTimeOffset? MeteredUntil =>
        Earliest(
            Earliest(
                EndsAt,
                Status == LeaseStatus.Reclaiming && !IsDrill && !IsReclaimedInPart ? NoticeDeadline : null
            ),
            Terms?.SpendCap is { } cap ? Meter.WhenStillWithin(cap) : null
        );

    /// <summary>
    /// Until when the machines may come: the grant's time-out, or the term's last instant if that is earlier.
    /// </summary>
    private DateTimeOffset? GrantDeadline
    {
        get
        {
            var timeout = AcceptedAt + Terms?.GrantTimeout;
            return Earliest(Terms?.EndsAtLatest, timeout);
        }
    }

    /// <summary>Before the end of a term that is renewed by itself: a tenth of the term, a minute at most.</summary>
    private static readonly TimeSpan MostRenewalLead = TimeSpan.FromMinutes(1);

    /// <summary>The start of every lease.</summary>
    public static Lease None(LeaseId id) => new() { Id = id };

    private static DateTimeOffset? Earliest(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right ?? left : left;
}
