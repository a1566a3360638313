using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>What was quoted and is kept: nothing here changes after the hold.</summary>
/// <param name="Gpus">Whole GPUs of one fleet, 1 or more.</param>
/// <param name="Term">How long the customer wants them, whole seconds.</param>
/// <param name="EndsAtLatest">
/// A firm lease's last instant: the horizon of the tick that admitted its hold, for which the margin answers. Null for
/// spot and for long-term firm leases.
/// </param>
/// <param name="Rate">Locked at the hold.</param>
/// <param name="MaxRate">The customer's own bound; null: none.</param>
/// <param name="Notice">Promised between the sending of a reclaim notice and the forced end.</param>
/// <param name="MinimumRun">Until then it is reclaimed only if older leases do not suffice.</param>
/// <param name="LongTerm">A firm lease past the horizon: it fits within what the enforced wall always leaves.</param>
/// <param name="InterruptionProbability">As shown at the quote: that a spot lease is reclaimed within 60 ticks.</param>
/// <param name="GrantTimeout">Longest wait for the machines before the lease ends uncharged.</param>
/// <param name="MinGpus">
/// Fewest that it can go on with where some are taken back, 1 to <paramref name="Gpus"/>; null: it goes whole.
/// </param>
/// <param name="SpendCap">The lease ends before it costs more; null: no cap.</param>
/// <param name="AutoRenew">True: it is renewed by itself while its rate and its fleet allow.</param>
/// <param name="ReclaimCoolDown">
/// After a notice was withdrawn, none for so long; null: another may come at once.
/// </param>
/// <param name="Sku">The fleet's at the hold, for the bill; null in holds from before it was kept.</param>
/// <param name="Region">Likewise.</param>
public sealed record LeaseTerms(
    TenantId Tenant,
    FleetId Fleet,
    LeaseTier Tier,
    int Gpus,
    TimeSpan Term,
    Rate Rate,
    Rate? MaxRate,
    TimeSpan Notice,
    TimeSpan MinimumRun,
    TimeSpan GrantTimeout,
    DateTimeOffset? EndsAtLatest = null,
    bool LongTerm = false,
    double InterruptionProbability = 0,
    WorkloadClass WorkloadClass = WorkloadClass.Model,
    int? MinGpus = null,
    MicroUsd? SpendCap = null,
    bool? AutoRenew = null,
    TimeSpan? ReclaimCoolDown = null,
    string? Sku = null,
    string? Region = null
)
{
    public const int MaxGpus = 1_000_000;

    /// <summary>What a fleet offers to a request that it can serve.</summary>
    /// <param name="admittedIn">The tick whose slice admits the hold.</param>
    public static LeaseTerms Of(LeaseRequest request, FleetOffer offer, Tick admittedIn, TickLength tickLength)
    {
        var policy = offer.Fleet.Policy;
        var firm = request.Tier == LeaseTier.Firm;
        var longTerm = TermLimits.IsLongTerm(request.Tier, request.Term, tickLength);
        return new(
            request.Tenant,
            offer.Fleet.Id,
            request.Tier,
            request.Gpus,
            request.Term,
            offer.RateFor(request),
            request.MaxRate,
            Notice: request.Notice ?? TimeSpan.FromSeconds(policy.NoticeSeconds),
            MinimumRun: TimeSpan.FromSeconds(policy.MinimumRunSeconds),
            GrantTimeout: TimeSpan.FromSeconds(policy.GrantTimeoutSeconds),
            EndsAtLatest: firm && !longTerm ? admittedIn.Start + TermLimits.Horizon(tickLength) : null,
            LongTerm: longTerm,
            InterruptionProbability: firm ? 0 : offer.InterruptionProbability,
            WorkloadClass: offer.Fleet.Attributes.WorkloadClass,
            MinGpus: firm || request.MinGpus == request.Gpus ? null : request.MinGpus,
            SpendCap: request.SpendCap,
            AutoRenew: request.AutoRenew ? true : null,
            ReclaimCoolDown: firm ? null : TimeSpan.FromSeconds(policy.ReclaimCoolDownSeconds),
            Sku: offer.Fleet.Sku,
            Region: offer.Fleet.Region
        );
    }

    /// <summary>The end of a lease granted then.</summary>
    public DateTimeOffset EndFor(DateTimeOffset grantedAt) =>
        EndsAtLatest is { } latest && latest < grantedAt + Term ? latest : grantedAt + Term;
}
