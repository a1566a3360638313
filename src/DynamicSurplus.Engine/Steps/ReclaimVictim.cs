using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A lease that would yield.</summary>
/// <param name="Gpus">All of the lease's, or some.</param>
/// <param name="Deadline">The forced end if its notice went out now, on time.</param>
/// <param name="LossUsd">Of its customer's work: what the choice minimizes.</param>
/// <param name="LostRevenue">From the deadline to the end of its term.</param>
public sealed record ReclaimVictim(
    LeaseId Lease,
    TenantId Tenant,
    int Gpus,
    int LeasedGpus,
    TimeSpan Notice,
    DateTimeOffset Deadline,
    double LossUsd,
    MicroUsd LostRevenue
);
