using DynamicSurplus.Leasing;

namespace DynamicSurplus.Api.Wire;

/// <summary>A lease in a list.</summary>
/// <param name="Amount">Once settled.</param>
public sealed record LeaseRowDocument(
    string Id,
    string Tenant,
    string Fleet,
    LeaseTier Tier,
    LeaseStatus Status,
    int Gpus,
    Money RatePerGpuHour,
    DateTimeOffset HeldAt,
    DateTimeOffset? GrantedAt,
    DateTimeOffset? EndsAt,
    DateTimeOffset? EndedAt,
    bool Reclaimed,
    long? BilledSeconds,
    Money? Amount
);
