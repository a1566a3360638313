using DynamicSurplus.Settlement;
using static DynamicSurplus.Leasing.LeaseEvent;

namespace DynamicSurplus.Leasing;

public static partial class LeaseDecider
{
    /// <summary>The lease after one more event of its stream.</summary>
    /// <exception cref="InvalidOperationException">
    /// The event is another lease's, or not the next of its stream.
    /// </exception>
    public static Lease Evolve(Lease lease, LeaseEventEnvelope envelope)
    {
        if (envelope.Lease != lease.Id || envelope.Version != lease.Version + 1)
        {
            throw new InvalidOperationException(
                $"Event {envelope.Version} of lease {envelope.Lease} cannot follow event {lease.Version} of {lease.Id}."
            );
        }
        return Apply(lease, envelope.Event) with
        {
            Version = envelope.Version,
            LastEventAt = envelope.Event.At,
            Handled = lease.Handled.With(envelope.CommandId),
        };
    }

    private static Lease Apply(Lease lease, LeaseEvent happened) =>
        happened switch
        {
            Held held => lease with
            {
                Status = LeaseStatus.Held,
                Fleet = held.Terms.Fleet,
                Terms = held.Terms,
                Gpus = held.Terms.Gpus,
                HeldAt = held.At,
                ExpiresAt = held.ExpiresAt,
                LapsesAt = held.LapsesAt,
                RequestHash = held.RequestHash,
            },
            Lapsed lapsed => lease with
            {
                Status = LeaseStatus.Lapsed,
                Fleet = lease.Fleet ?? lapsed.Abandoned,
                EndedAt = lapsed.At,
            },
            Accepted accepted => lease with { Status = LeaseStatus.Granting, AcceptedAt = accepted.At },
            Granted granted => lease with
            {
                Status = LeaseStatus.Active,
                GrantedAt = granted.At,
                EndsAt = granted.EndsAt,
                Meter = LeaseMeter.Start(granted.At, lease.Terms!.Rate, lease.Gpus),
            },
            Renewed or NotRenewed or SpendReached or CushionLow or Credited => ApplyRunning(lease, happened),
            ReclaimDecided or NoticeSent or Rescinded or Shrunk => ApplyReclaim(lease, happened),
            Ended ended => lease with
            {
                Status = LeaseStatus.Ended,
                EndedAt = ended.At,
                EndReason = ended.Reason,
                EndDetail = ended.Detail,
            },
            Settled settled => lease with
            {
                Status = LeaseStatus.Settled,
                BilledSeconds = settled.BilledSeconds,
                Amount = settled.Amount,
            },
            Corrected corrected => lease with
            {
                Amount = lease.Amount!.Value + corrected.Amount,
                Corrections = lease.Corrections.With(Line(corrected)),
            },
            _ => throw new ArgumentException($"{happened.GetType().Name} is no lease event.", nameof(happened)),
        };

    private static Lease ApplyRunning(Lease lease, LeaseEvent happened) =>
        happened switch
        {
            Renewed renewed => lease with
            {
                EndsAt = renewed.EndsAt,
                Meter = lease.Meter.WithRate(renewed.From, renewed.Rate),
            },
            NotRenewed => lease with { NotRenewedPast = lease.EndsAt },
            SpendReached reached => lease with { SpendPercent = reached.Percent },
            CushionLow low => lease with { WarnedAt = low.At },
            Credited credited => lease with { Credits = lease.Credits.With(Line(credited)) },
            _ => throw new ArgumentException($"{happened.GetType().Name} is no such event.", nameof(happened)),
        };

    private static Lease ApplyReclaim(Lease lease, LeaseEvent happened) =>
        happened switch
        {
            ReclaimDecided decided => lease with
            {
                Status = LeaseStatus.Reclaiming,
                ReclaimReason = decided.Reason,
                ReclaimedGpus = decided.Gpus,
                ReclaimDecidedAt = decided.At,
                IsDrill = decided.Drill == true,
                NoticeSentAt = null,
                NoticeDeadline = null,
            },
            NoticeSent sent => lease with { NoticeSentAt = sent.At, NoticeDeadline = sent.Deadline },
            Rescinded rescinded => RunsOn(lease) with
            {
                CoolDownUntil = rescinded.CoolDownUntil ?? lease.CoolDownUntil,
            },
            Shrunk shrunk => RunsOn(lease) with
            {
                Gpus = shrunk.Gpus,
                Meter = lease.Meter.WithGpus(shrunk.At, shrunk.Gpus),
            },
            _ => throw new ArgumentException($"{happened.GetType().Name} is no such event.", nameof(happened)),
        };

    private static Lease RunsOn(Lease lease) =>
        lease with
        {
            Status = LeaseStatus.Active,
            IsDrill = false,
            NoticeSentAt = null,
            NoticeDeadline = null,
        };

    private static StatementLine Line(Credited credited) =>
        new(
            StatementLineKind.Credit,
            credited.Rate,
            credited.Gpus,
            credited.At,
            credited.At,
            credited.Seconds,
            credited.Amount,
            credited.Reason switch
            {
                CreditReason.LateNotice => "The reclaim notice was sent late.",
                _ => "The fleet lost the lease's GPUs.",
            }
        );

    private static StatementLine Line(Corrected corrected) =>
        new(
            StatementLineKind.Correction,
            corrected.Rate,
            Gpus: 1,
            corrected.At,
            corrected.At,
            corrected.GpuSeconds,
            corrected.Amount,
            corrected.Detail
        );
}
