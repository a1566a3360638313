using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// One lease's GPUs in its fleet's capacity book, with all that choosing whom to reclaim needs to know.
/// </summary>
/// <param name="HeldAtTick">The tick whose slice admitted it.</param>
/// <param name="ActiveAt">Null until granted.</param>
public sealed record Reservation(
    FleetId Fleet,
    LeaseId Lease,
    TenantId Tenant,
    LeaseTier Tier,
    int Gpus,
    Rate Rate,
    TimeSpan Notice,
    TimeSpan MinimumRun,
    bool LongTerm,
    double InterruptionProbability,
    Tick HeldAtTick,
    ReservationState State,
    DateTimeOffset? ActiveAt = null
);
