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
    /// <summary>Between two warnings to one lease: a fleet that hovers about its limit is told of once.</summary>
    private static readonly TimeSpan WarnAgainAfter = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What a command leads to. Events take effect at the later of the command's time and the last event's.
    /// </summary>
    /// <remarks>
    /// Except for a hold and for an acceptance, which is judged by its arrival, what time alone has decided comes
    /// first: a lease past its due instants changes as of those instants, whichever command finds it so; where it is
    /// over thereby, nothing is left to command. The lateness of a wake-up therefore changes no outcome and no charge.
    /// </remarks>
    /// <returns>A command whose id is among <see cref="Lease.Handled"/> gives no events.</returns>
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

            _ => AfterDue(command, now, lease),
        };
    }

    /// <summary>
    /// First what is due by now, one event after the other; then the command, unless the lease is over.
    /// </summary>
    private static Decision AfterDue(LeaseCommand command, DateTimeOffset now, Lease lease)
    {
        var happened = new List<LeaseEvent>();
        while (DueBy(now, lease) is { } due)
        {
            happened.Add(due);
            lease = Apply(lease, due) with { LastEventAt = due.At };
        }
        var isOver = lease.Status is LeaseStatus.Lapsed or LeaseStatus.Ended;
        if (happened.Count > 0 && isOver)
        {
            return Happened(happened);
        }
        var decision = DecideNow(command, now, lease);
        return decision.Refusal is not null || happened.Count == 0
            ? decision
            : Happened([.. happened, .. decision.Events]);
    }

    private static Decision DecideNow(LeaseCommand command, DateTimeOffset now, Lease lease) =>
        (command, lease.Status) switch
        {
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

            (Reclaim or Drill or ConfirmNotice or Rescind or Warn, _) => DecideReclaim(command, now, lease),
            (Renew or DeclineRenewal, _) => DecideRenewal(command, now, lease),

            (Fail fail, LeaseStatus.Active) when lease.Terms!.Tier == LeaseTier.Firm => DecideFailure(fail, now, lease),
            (Fail, LeaseStatus.Ended or LeaseStatus.Settled) => Nothing,
            (Fail, _) => Refused(NotFirm, "Only a running firm lease fails."),

            (End, LeaseStatus.Held) => Happened(new LeaseEvent.Lapsed(now)),
            (End, LeaseStatus.Granting or LeaseStatus.Active or LeaseStatus.Reclaiming) => Happened(
                new LeaseEvent.Ended(now, EndReason.EndedByCustomer)
            ),
            (End, _) => Refused(AlreadyEnded, "The lease is over."),

            (Settle, LeaseStatus.Ended) => Happened(Bill(now, lease)),
            (Settle, LeaseStatus.Lapsed or LeaseStatus.Settled) => Nothing,
            (Settle, _) => Refused(NotEnded, "The lease is not over yet."),

            (Correct correct, LeaseStatus.Settled) when lease.Meter.IsRunning => DecideCorrection(correct, now, lease),
            (Correct, LeaseStatus.Lapsed or LeaseStatus.Settled) => Refused(
                NotSettled,
                "The lease never had machines: there is nothing to correct."
            ),
            (Correct, _) => Refused(NotSettled, "The lease is not settled yet: what it used is still metered."),

            _ => throw new ArgumentException($"{command.GetType().Name} is no lease command.", nameof(command)),
        };

    /// <summary>What time alone has decided by now, as of the instant when it was due.</summary>
    private static LeaseEvent? DueBy(DateTimeOffset now, Lease lease)
    {
        if (lease.NextDue is not { } due || due > now)
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
            _ when due == lease.EndsAt => new LeaseEvent.Ended(at, EndReason.TermOver),
            LeaseStatus.Reclaiming when due == lease.NoticeDeadline => NoticeOver(at, lease),
            _ when lease.SpendPercent == SpendMark.All => new LeaseEvent.Ended(at, EndReason.SpendCap),
            _ => new LeaseEvent.SpendReached(at, lease.NextSpend!.Value.Percent),
        };
    }

    private static Decision HeldBefore(Hold hold, Lease lease) =>
        lease.RequestHash is null
            ? Refused(Expired, "The request took too long and was given up; ask again with a new key.")
        : string.Equals(lease.RequestHash, hold.RequestHash, StringComparison.Ordinal) ? Nothing
        : Refused(AnotherRequest, "The idempotency key was used for another request.");

    private static Decision DecideFailure(Fail fail, DateTimeOffset now, Lease lease)
    {
        var credit = CreditRule.FirmFailed(lease.Meter.RateAt(now), lease.Gpus, lease.EndsAt!.Value - now);
        return Happened(new LeaseEvent.Ended(now, EndReason.FirmFailed, fail.Detail), Credit(now, credit));
    }

    private static LeaseEvent.Credited Credit(DateTimeOffset now, CreditTerms credit) =>
        new(now, credit.Reason, credit.Rate, credit.Gpus, credit.Seconds, credit.Amount);

    /// <summary>Whole seconds from the grant to the end, less credits; nothing where the machines never came.</summary>
    private static LeaseEvent.Settled Bill(DateTimeOffset now, Lease lease)
    {
        var lines = LeaseStatement.LinesOf(lease, lease.EndedAt!.Value);
        var seconds = lines.Where(line => line.Kind == StatementLineKind.Usage).Sum(line => line.Seconds);
        return new(now, seconds, LeaseStatement.Sum(lines), new ValueList<StatementLine>(lines));
    }

    private static Decision DecideCorrection(Correct correct, DateTimeOffset now, Lease lease)
    {
        var rate = lease.Meter.RateAt(lease.EndedAt!.Value);
        var size = StatementAmount.Of([new MeterSegment(rate, gpus: 1, Math.Abs(correct.GpuSeconds))]);
        var amount = correct.GpuSeconds < 0 ? MicroUsd.Zero - size : size;
        return lease.Amount!.Value + amount < MicroUsd.Zero
            ? Refused(CorrectionTooLarge, $"{size} USD would be taken back of a lease that cost {lease.Amount} USD.")
            : Happened(new LeaseEvent.Corrected(now, correct.GpuSeconds, rate, amount, correct.Detail));
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
