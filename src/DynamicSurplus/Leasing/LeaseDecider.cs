using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using static DynamicSurplus.Leasing.Decision;
using static DynamicSurplus.Leasing.LeaseCommand;
using static DynamicSurplus.Leasing.LeaseRefusalCode;

namespace DynamicSurplus.Leasing;

/// <summary>
/// What may happen to a lease, what it then is, and what must follow. Pure; total over every (status × command) pair.
/// </summary>
public static partial class LeaseDecider
{
    /// <summary>
    /// What a command leads to. Events take effect at the later of the command's time and the last event's.
    /// </summary>
    /// <remarks>
    /// Except for a hold and for an acceptance, which is judged by its arrival, what time alone has decided comes
    /// first: a lease past its <see cref="Lease.NextWake"/> changes as of that instant, whichever command finds it so.
    /// The lateness of a wake-up therefore changes no outcome and no charge.
    /// </remarks>
    /// <returns>At most one event. A command whose id is among <see cref="Lease.Handled"/> gives none.</returns>
    public static Decision Decide(LeaseCommand command, Lease lease)
    {
        var now = Later(command.At, lease.LastEventAt);
        return (command, lease.Status) switch
        {
            (Hold hold, LeaseStatus.None) => Happened(
                new LeaseEvent.Held(now, hold.Terms, hold.ExpiresAt, hold.LapsesAt, hold.RequestHash)
            ),
            (Hold hold, _) => HeldBefore(hold, lease),
            _ when lease.Handled.Contains(command.Id) => Nothing,

            (Abandon abandon, LeaseStatus.None) => Happened(new LeaseEvent.Lapsed(now, abandon.Fleet)),
            (Wake, LeaseStatus.None) => Nothing,
            (_, LeaseStatus.None) => Refused(NotFound, "There is no such lease."),

            (Accept, LeaseStatus.Held) when command.At <= lease.ExpiresAt => Happened(new LeaseEvent.Accepted(now)),
            (Accept, LeaseStatus.Held or LeaseStatus.Lapsed) => Refused(
                Expired,
                "The quote has expired; ask for a new one."
            ),
            (Accept, _) => Refused(AlreadyAccepted, "The quote was accepted before."),

            _ when DueBy(now, lease) is { } due => Happened(due),
            (Wake or Abandon, _) => Nothing,

            (ConfirmGrant, LeaseStatus.Granting) => Happened(new LeaseEvent.Granted(now, lease.Terms!.EndFor(now))),
            (ConfirmGrant, LeaseStatus.Active or LeaseStatus.Reclaiming) => Nothing,
            (ConfirmGrant, _) => Refused(NotGrantable, "The lease does not wait for machines."),

            (RefuseGrant refuse, LeaseStatus.Granting) => Happened(
                new LeaseEvent.Ended(now, EndReason.NotGranted, refuse.Detail)
            ),
            (RefuseGrant, LeaseStatus.Active or LeaseStatus.Reclaiming) => Refused(
                AlreadyGranted,
                "The machines were handed over before."
            ),
            (RefuseGrant, LeaseStatus.Held) => Refused(NotGrantable, "The quote was not accepted."),
            (RefuseGrant, _) => Nothing,

            (Reclaim reclaim, LeaseStatus.Active) when lease.Terms!.Tier == LeaseTier.Spot => Happened(
                new LeaseEvent.ReclaimDecided(now, reclaim.Reason, lease.Terms.Gpus)
            ),
            (Reclaim, LeaseStatus.Reclaiming) => Nothing,
            (Reclaim, _) => Refused(NotReclaimable, "Only a running spot lease can be reclaimed."),

            (ConfirmNotice, LeaseStatus.Reclaiming) when lease.NoticeSentAt is null => Happened(Notice(now, lease)),
            (ConfirmNotice, LeaseStatus.Reclaiming or LeaseStatus.Ended or LeaseStatus.Settled) => Nothing,
            (ConfirmNotice, _) => Refused(NotReclaimable, "No reclaim was decided."),

            (End, LeaseStatus.Held) => Happened(new LeaseEvent.Lapsed(now)),
            (End, LeaseStatus.Granting or LeaseStatus.Active or LeaseStatus.Reclaiming) => Happened(
                new LeaseEvent.Ended(now, EndReason.EndedByCustomer)
            ),
            (End, _) => Refused(AlreadyEnded, "The lease is over."),

            (Settle, LeaseStatus.Ended) => Happened(Bill(now, lease)),
            (Settle, LeaseStatus.Lapsed or LeaseStatus.Settled) => Nothing,
            (Settle, _) => Refused(NotEnded, "The lease is not over yet."),

            _ => throw new ArgumentException($"{command.GetType().Name} is no lease command.", nameof(command)),
        };
    }

    /// <summary>What time alone has decided by now, as of the instant when it was due.</summary>
    private static LeaseEvent? DueBy(DateTimeOffset now, Lease lease)
    {
        if (lease.NextWake is not { } due || due > now)
        {
            return null;
        }
        var at = Later(due, lease.LastEventAt);
        return lease.Status switch
        {
            LeaseStatus.Held => new LeaseEvent.Lapsed(at),
            LeaseStatus.Granting => new LeaseEvent.Ended(
                at,
                EndReason.NotGranted,
                "The machines did not come in time."
            ),
            LeaseStatus.Reclaiming when due < lease.EndsAt => new LeaseEvent.Ended(at, EndReason.Reclaimed),
            _ => new LeaseEvent.Ended(at, EndReason.TermOver),
        };
    }

    private static Decision HeldBefore(Hold hold, Lease lease) =>
        lease.RequestHash is null
            ? Refused(Expired, "The request took too long and was given up; ask again with a new key.")
        : string.Equals(lease.RequestHash, hold.RequestHash, StringComparison.Ordinal) ? Nothing
        : Refused(AnotherRequest, "The idempotency key was used for another request.");

    private static LeaseEvent.NoticeSent Notice(DateTimeOffset now, Lease lease)
    {
        var promised = now + lease.Terms!.Notice;
        var deadline = promised < lease.EndsAt ? promised : lease.EndsAt!.Value;
        return new(now, lease.ReclaimReason!.Value, lease.ReclaimedGpus, deadline);
    }

    /// <summary>Whole seconds from the grant to the end; none where the machines never came.</summary>
    private static LeaseEvent.Settled Bill(DateTimeOffset now, Lease lease)
    {
        if (lease is not { GrantedAt: { } from, EndedAt: { } to, Terms: { } terms })
        {
            return new(now, BilledSeconds: 0, MicroUsd.Zero);
        }
        var seconds = (to - from).Ticks / TimeSpan.TicksPerSecond;
        return new(now, seconds, StatementAmount.Of([new MeterSegment(terms.Rate, terms.Gpus, seconds)]));
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
