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
            },
            ReclaimDecided decided => lease with
            {
                Status = LeaseStatus.Reclaiming,
                ReclaimReason = decided.Reason,
                ReclaimedGpus = decided.Gpus,
            },
            NoticeSent sent => lease with { NoticeSentAt = sent.At, NoticeDeadline = sent.Deadline },
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
            _ => throw new ArgumentException($"{happened.GetType().Name} is no lease event.", nameof(happened)),
        };
}
