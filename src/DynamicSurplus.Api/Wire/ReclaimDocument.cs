using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Wire;

/// <summary>The owner takes GPUs back.</summary>
/// <param name="NoticeSentAt">From then on the notice runs; null: it is being sent.</param>
/// <param name="Gpus">All of the lease's, or some.</param>
/// <param name="Deadline">The forced end.</param>
/// <param name="Drill">An exercise that takes nothing.</param>
public sealed record ReclaimDocument(
    ReclaimReason Reason,
    int Gpus,
    DateTimeOffset? NoticeSentAt,
    DateTimeOffset? Deadline,
    bool Drill
);
