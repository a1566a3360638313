using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>What a list of leases shows of one.</summary>
/// <param name="Version">Of the journal that it was derived from.</param>
/// <param name="LastHash">
/// Of that version's event as stored: it proves the last one, which no successor vouches for. Null in older views.
/// </param>
/// <param name="Amount">Null until settled.</param>
/// <param name="ChangedAt">Of its last event; null in views from before it was kept.</param>
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
    long Version,
    string? LastHash,
    DateTimeOffset? ChangedAt = null
)
{
    /// <param name="lease">One that was held.</param>
    /// <param name="lastHash">Of its last event as stored.</param>
    public static LeaseView Of(Lease lease, string lastHash)
    {
        var terms = lease.Terms ?? throw new ArgumentException($"Lease {lease.Id} was never held.", nameof(lease));
        return new(
            lease.Id,
            terms.Tenant,
            terms.Fleet,
            terms.Tier,
            lease.Status,
            lease.Gpus,
            terms.Rate,
            lease.HeldAt!.Value,
            lease.GrantedAt,
            lease.EndsAt,
            lease.EndedAt,
            lease.BilledSeconds,
            lease.Amount,
            lease.EndReason == EndReason.Reclaimed,
            lease.Version,
            lastHash,
            lease.LastEventAt
        );
    }
}
