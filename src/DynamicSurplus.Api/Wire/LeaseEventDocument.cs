using DynamicSurplus.Leasing;
using DynamicSurplus.Settlement;

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
    public bool? Drill { get; init; }
    public RescindReason? RescindReason { get; init; }
    public DateTimeOffset? CoolDownUntil { get; init; }
    public DateTimeOffset? From { get; init; }
    public int? SpendPercent { get; init; }
    public int? CushionGpus { get; init; }
    public CreditReason? CreditReason { get; init; }
    public long? GpuSeconds { get; init; }
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
            LeaseEvent.Ended ended => document with { Type = "ended", EndReason = ended.Reason, Detail = ended.Detail },
            LeaseEvent.Settled settled => document with
            {
                Type = "settled",
                BilledSeconds = settled.BilledSeconds,
                Amount = Money.Total(settled.Amount),
            },
            LeaseEvent.Corrected corrected => document with
            {
                Type = "corrected",
                GpuSeconds = corrected.GpuSeconds,
                RatePerGpuHour = Money.PerGpuHour(corrected.Rate),
                Amount = Money.Total(corrected.Amount),
                Detail = corrected.Detail,
            },
            var running => WhileRunning(document, running),
        };
    }

    private static LeaseEventDocument WhileRunning(LeaseEventDocument document, LeaseEvent happened) =>
        happened switch
        {
            LeaseEvent.ReclaimDecided decided => document with
            {
                Type = "reclaim-decided",
                ReclaimReason = decided.Reason,
                Gpus = decided.Gpus,
                Drill = decided.Drill,
            },
            LeaseEvent.NoticeSent sent => document with
            {
                Type = "notice-sent",
                ReclaimReason = sent.Reason,
                Gpus = sent.Gpus,
                Deadline = sent.Deadline,
                Drill = sent.Drill,
            },
            LeaseEvent.Rescinded rescinded => document with
            {
                Type = "rescinded",
                RescindReason = rescinded.Reason,
                CoolDownUntil = rescinded.CoolDownUntil,
                Drill = rescinded.Reason == Leasing.RescindReason.DrillOver ? true : null,
            },
            LeaseEvent.Shrunk shrunk => document with { Type = "shrunk", Gpus = shrunk.Gpus },
            LeaseEvent.Renewed renewed => document with
            {
                Type = "renewed",
                From = renewed.From,
                EndsAt = renewed.EndsAt,
                RatePerGpuHour = Money.PerGpuHour(renewed.Rate),
            },
            LeaseEvent.NotRenewed not => document with { Type = "not-renewed", Detail = not.Detail },
            LeaseEvent.SpendReached reached => document with { Type = "spend-reached", SpendPercent = reached.Percent },
            LeaseEvent.CushionLow low => document with { Type = "cushion-low", CushionGpus = low.CushionGpus },
            LeaseEvent.Credited credited => document with
            {
                Type = "credited",
                CreditReason = credited.Reason,
                RatePerGpuHour = Money.PerGpuHour(credited.Rate),
                Gpus = credited.Gpus,
                GpuSeconds = credited.Gpus * credited.Seconds,
                Amount = Money.Total(credited.Amount),
            },
            _ => throw new ArgumentException($"{happened.GetType().Name} is no lease event.", nameof(happened)),
        };
}
