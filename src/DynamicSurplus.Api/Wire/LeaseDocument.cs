using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Wire;

/// <summary>A lease, from its quote to its settlement: the terms that bind, and what has become of it.</summary>
/// <param name="QuoteId">While it is a quote: what an acceptance names; the same as <paramref name="Id"/>.</param>
/// <param name="Gpus">That it has: fewer than asked for once some were taken back.</param>
/// <param name="RatePerGpuHour">Of the present term.</param>
/// <param name="RatePerHour">For all of its GPUs.</param>
/// <param name="EstimatedTotal">If it runs for its whole term.</param>
/// <param name="MinGpus">Fewest that it goes on with; null: it is taken back whole.</param>
/// <param name="SpendCap">It ends before it costs more; null: no cap.</param>
/// <param name="SpendPercent">Of the cap, as last announced: 0, 50, 80 or 100.</param>
/// <param name="AutoRenew">Another term follows each, while its rate and its fleet allow.</param>
/// <param name="EndsAtLatest">A firm lease's last instant, however late it is accepted.</param>
/// <param name="ExpiresAt">Last instant at which a quote can be accepted.</param>
/// <param name="Interruption">As shown at the quote; null for firm leases, which are not reclaimed.</param>
/// <param name="Amount">Once settled.</param>
public sealed record LeaseDocument(
    string Id,
    string? QuoteId,
    LeaseStatus Status,
    string Tenant,
    string Fleet,
    LeaseTier Tier,
    WorkloadClass WorkloadClass,
    int Gpus,
    long TermSeconds,
    Money RatePerGpuHour,
    Money RatePerHour,
    Money EstimatedTotal,
    Money? MaxRate,
    int? MinGpus,
    Money? SpendCap,
    int SpendPercent,
    bool AutoRenew,
    bool LongTerm,
    DateTimeOffset? EndsAtLatest,
    long NoticeSeconds,
    long MinimumRunSeconds,
    long GrantTimeoutSeconds,
    InterruptionDocument? Interruption,
    DateTimeOffset? HeldAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? AcceptedAt,
    DateTimeOffset? GrantedAt,
    DateTimeOffset? EndsAt,
    ReclaimDocument? Reclaim,
    DateTimeOffset? EndedAt,
    EndReason? EndReason,
    string? EndDetail,
    long? BilledSeconds,
    Money? Amount
);
