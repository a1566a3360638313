using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>What a list of leases shows of one.</summary>
/// <param name="Version">Of the journal that it was derived from.</param>
/// <param name="Amount">Null until settled.</param>
public sealed record LeaseView(
    LeaseId Lease,
    TenantId Tenant,
    FleetId Fleet,
    LeaseTier Tier,
    LeaseStatus Status,
    int Gpus,
    Rate Rate,
    DateTimeOffset HeldAt,
    DateTimeOffset? GrantedAt,
    DateTimeOffset? EndsAt,
    DateTimeOffset? EndedAt,
    long? BilledSeconds,
    MicroUsd? Amount,
    bool Reclaimed,
    long Version
);
