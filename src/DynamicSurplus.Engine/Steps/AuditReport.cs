using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What an audit of the books found.</summary>
/// <param name="Findings">By lease, then by fleet; none where everything agrees.</param>
/// <param name="TakenGpus">Sum over the fleets' books.</param>
/// <param name="LiveReservations">Sum over the fleets.</param>
/// <param name="Leases">All that were ever held and whose journals hold, as these tell them.</param>
/// <param name="Notices">Of leases whose forced end came.</param>
public sealed record AuditReport(
    IReadOnlyList<Divergence> Findings,
    AuditCounts Counts,
    int TakenGpus,
    int LiveReservations,
    IReadOnlyList<Lease> Leases,
    IReadOnlyList<NoticeKept> Notices
)
{
    /// <summary>Of all settled leases.</summary>
    public MicroUsd Revenue => new(Leases.Sum(lease => lease.Amount?.Value ?? 0));

    public double SoldGpuHours => Leases.Sum(lease => lease.BilledGpuSeconds / 3600.0);
}
