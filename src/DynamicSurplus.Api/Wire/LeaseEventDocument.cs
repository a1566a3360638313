using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Wire;

/// <summary>
/// What happened to a lease, with what makes its stream evidence. Members that an event has no use for are left out.
/// </summary>
/// <param name="Version">Position in the lease's stream, from 1.</param>
/// <param name="At">When it took effect.</param>
/// <param name="CommandId">The command that caused it.</param>
/// <param name="CausingTick">The latest priced tick then.</param>
/// <param name="PreviousHash">SHA-256 of the previous event as stored; zeros before the first.</param>
public sealed record LeaseEventDocument(
    long Version,
    string Type,
    DateTimeOffset At,
    int SchemaVersion,
    string CommandId,
    DateTimeOffset CausingTick,
    string PreviousHash
)
{
    public Money? RatePerGpuHour { get; init; }
    public int? Gpus { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public ReclaimReason? ReclaimReason { get; init; }
    public DateTimeOffset? Deadline { get; init; }
    public EndReason? EndReason { get; init; }
    public string? Detail { get; init; }
    public long? BilledSeconds { get; init; }
    public Money? Amount { get; init; }

    public static LeaseEventDocument Of(LeaseEventEnvelope envelope)
    {
        var document = new LeaseEventDocument(
            envelope.Version,
            "",
            envelope.Event.At,
            envelope.SchemaVersion,
            envelope.CommandId.ToString(),
            envelope.CausingTick.Start,
            envelope.PreviousHash
        );
        return envelope.Event switch
        {
            LeaseEvent.Held held => document with
            {
                Type = "held",
                RatePerGpuHour = Money.PerGpuHour(held.Terms.Rate),
                Gpus = held.Terms.Gpus,
                ExpiresAt = held.ExpiresAt,
            },
            LeaseEvent.Lapsed => document with { Type = "lapsed" },
            LeaseEvent.Accepted => document with { Type = "accepted" },
            LeaseEvent.Granted granted => document with { Type = "granted", EndsAt = granted.EndsAt },
            LeaseEvent.ReclaimDecided decided => document with
            {
                Type = "reclaim-decided",
                ReclaimReason = decided.Reason,
                Gpus = decided.Gpus,
            },
            LeaseEvent.NoticeSent sent => document with
            {
                Type = "notice-sent",
                ReclaimReason = sent.Reason,
                Gpus = sent.Gpus,
                Deadline = sent.Deadline,
            },
            LeaseEvent.Ended ended => document with { Type = "ended", EndReason = ended.Reason, Detail = ended.Detail },
            LeaseEvent.Settled settled => document with
            {
                Type = "settled",
                BilledSeconds = settled.BilledSeconds,
                Amount = Money.Total(settled.Amount),
            },
            var other => throw new ArgumentException($"{other.GetType().Name} is no lease event.", nameof(envelope)),
        };
    }
}
