using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// One lease's GPUs in its fleet's capacity book, with all that choosing whom to reclaim needs to know.
/// </summary>
/// <param name="HeldAtTick">The tick whose slice admitted it.</param>
/// <param name="Gpus">That the lease has, or will have; those in notice too.</param>
/// <param name="Rate">Of the lease's present term, or of the next where it is renewed.</param>
/// <param name="ActiveAt">Null until granted.</param>
/// <param name="Version">Of the lease's event that moved it last: what comes later with less is a redelivery.</param>
/// <param name="InNoticeGpus">Those of its GPUs that are being taken back.</param>
/// <param name="MinGpus">Fewest that the lease can go on with; 0: it goes whole.</param>
/// <param name="CoolDownUntil">No notice before: one was withdrawn.</param>
/// <param name="WasNoticed">It counts as interrupted, or no longer can.</param>
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
    DateTimeOffset? ActiveAt = null,
    long Version = 0,
    int InNoticeGpus = 0,
    int MinGpus = 0,
    DateTimeOffset? CoolDownUntil = null,
    bool WasNoticed = false
)
{
    /// <summary>What a lease's terms bind.</summary>
    /// <param name="heldAtTick">The tick whose slice admits it.</param>
    public static Reservation Of(LeaseId lease, LeaseTerms terms, Tick heldAtTick) =>
        new(
            terms.Fleet,
            lease,
            terms.Tenant,
            terms.Tier,
            terms.Gpus,
            terms.Rate,
            terms.Notice,
            terms.MinimumRun,
            terms.LongTerm,
            terms.InterruptionProbability,
            heldAtTick,
            ReservationState.Held,
            MinGpus: terms.MinGpus ?? 0
        );
}
