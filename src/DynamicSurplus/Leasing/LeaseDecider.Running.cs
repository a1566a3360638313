using DynamicSurplus.Settlement;
using static DynamicSurplus.Leasing.Decision;
using static DynamicSurplus.Leasing.LeaseCommand;
using static DynamicSurplus.Leasing.LeaseRefusalCode;

namespace DynamicSurplus.Leasing;

public static partial class LeaseDecider
{
    private static Decision DecideReclaim(LeaseCommand command, DateTimeOffset now, Lease lease) =>
        (command, lease.Status) switch
        {
            (Reclaim reclaim, LeaseStatus.Active) => DecideNotice(reclaim, now, lease),
            (Reclaim reclaim, LeaseStatus.Reclaiming) when lease.IsDrill => DecideNotice(reclaim, now, lease),
            (Reclaim, LeaseStatus.Reclaiming) => Nothing,
            (Reclaim, _) => Refused(NotReclaimable, "Only a running spot lease can be reclaimed."),

            (Drill, LeaseStatus.Active) when lease.Terms!.Tier == LeaseTier.Spot => Happened(
                new LeaseEvent.ReclaimDecided(now, ReclaimReason.Drill, lease.Gpus, Drill: true)
            ),
            (Drill, LeaseStatus.Reclaiming) => lease.IsDrill
                ? Nothing
                : Refused(BeingReclaimed, "The lease is being reclaimed in earnest."),
            (Drill, _) => Refused(NotReclaimable, "Only a running spot lease can be reclaimed, or exercise it."),

            (ConfirmNotice confirm, LeaseStatus.Reclaiming) when lease.NoticeSentAt is null => DecideDeadline(
                confirm,
                now,
                lease
            ),
            // Its effect may come again after the reclaim is over.
            (ConfirmNotice, LeaseStatus.Ended or LeaseStatus.Settled) => Nothing,
            (ConfirmNotice, _) when lease.ReclaimReason is not null => Nothing,
            (ConfirmNotice, _) => Refused(NotReclaimable, "No reclaim was decided."),

            (Rescind, LeaseStatus.Reclaiming) when !lease.IsDrill => Happened(
                new LeaseEvent.Rescinded(now, RescindReason.DemandFell, now + lease.Terms!.ReclaimCoolDown)
            ),
            (Rescind, LeaseStatus.Held or LeaseStatus.Granting or LeaseStatus.Lapsed) => Refused(
                NotReclaimable,
                "No reclaim was decided."
            ),
            (Rescind, _) => Nothing,

            (Warn warn, LeaseStatus.Active) when lease.Terms!.Tier == LeaseTier.Spot => now
            < lease.WarnedAt + WarnAgainAfter
                ? Nothing
                : Happened(new LeaseEvent.CushionLow(now, warn.CushionGpus)),
            _ => Nothing,
        };

    private static Decision DecideNotice(Reclaim reclaim, DateTimeOffset now, Lease lease)
    {
        var gpus = reclaim.Gpus ?? lease.Gpus;
        return lease.Terms!.Tier != LeaseTier.Spot
                ? Refused(NotReclaimable, "Only a running spot lease can be reclaimed.")
            : now < lease.CoolDownUntil
                ? Refused(CoolingDown, $"A notice was withdrawn; no other before {lease.CoolDownUntil:u}.")
            : gpus != lease.Gpus && !(gpus > 0 && lease.Gpus - gpus >= (lease.Terms.MinGpus ?? lease.Gpus))
                ? Refused(NotReclaimable, $"Of its {lease.Gpus} GPUs it cannot give {gpus} and go on.")
            : Happened(new LeaseEvent.ReclaimDecided(now, reclaim.Reason, gpus));
    }

    private static Decision DecideDeadline(ConfirmNotice confirm, DateTimeOffset now, Lease lease)
    {
        var promised = now + lease.Terms!.Notice;
        var deadline = promised < lease.EndsAt ? promised : lease.EndsAt!.Value;
        var sent = new LeaseEvent.NoticeSent(
            now,
            lease.ReclaimReason!.Value,
            lease.ReclaimedGpus,
            deadline,
            lease.IsDrill ? true : null
        );
        var isLate = !lease.IsDrill && now - lease.ReclaimDecidedAt > confirm.LateAfter;
        return isLate
            ? Happened(
                sent,
                Credit(now, CreditRule.LateNotice(lease.Meter.RateAt(now), lease.ReclaimedGpus, lease.Terms.Notice))
            )
            : Happened(sent);
    }

    private static LeaseEvent NoticeOver(DateTimeOffset at, Lease lease) =>
        lease.IsDrill ? new LeaseEvent.Rescinded(at, RescindReason.DrillOver)
        : lease.IsReclaimedInPart ? new LeaseEvent.Shrunk(at, lease.Gpus - lease.ReclaimedGpus)
        : new LeaseEvent.Ended(at, EndReason.Reclaimed);

    private static Decision DecideRenewal(LeaseCommand command, DateTimeOffset now, Lease lease) =>
        (command, lease.Status) switch
        {
            _ when lease.IsRenewable => command is Renew renew
                ? DecideTerm(renew, now, lease)
                : Happened(new LeaseEvent.NotRenewed(now, ((DeclineRenewal)command).Detail)),
            (DeclineRenewal, _) => Nothing,
            (_, LeaseStatus.Reclaiming) => Refused(BeingReclaimed, "The lease is being reclaimed."),
            (_, LeaseStatus.Held or LeaseStatus.Granting) => Refused(NotRenewable, "The lease does not run yet."),
            _ => Refused(AlreadyEnded, "The lease is over."),
        };

    private static Decision DecideTerm(Renew renew, DateTimeOffset now, Lease lease)
    {
        var from = lease.EndsAt!.Value;
        var wanted = from + renew.Term;
        var endsAt = wanted < renew.EndsAtLatest ? wanted : renew.EndsAtLatest;
        return renew.Rate > lease.Terms!.MaxRate
                ? Refused(RateAboveMax, $"The rate is {renew.Rate} now, above the bound of {lease.Terms.MaxRate}.")
            : endsAt <= from
                ? Refused(
                    NotRenewable,
                    $"The fleet promises nothing past {renew.EndsAtLatest:u} now; the lease runs until {from:u}."
                )
            : Happened(new LeaseEvent.Renewed(now, from, endsAt, renew.Rate));
    }
}
