using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// What one fleet would sell now: its posted rates, and the GPUs of each tier that one more lease could get.
/// </summary>
/// <param name="LongFirmGpus">Of firm leases past the horizon; 0 where the wall is not enforced.</param>
/// <param name="InterruptionProbability">That a spot lease admitted now is reclaimed within 60 ticks, [0, 1].</param>
/// <param name="IsStale">Its telemetry is too old for new leases.</param>
public sealed record FleetOffer(
    Fleet Fleet,
    Rate SpotRate,
    Rate FirmRate,
    int SpotGpus,
    int FirmGpus,
    int LongFirmGpus,
    double InterruptionProbability,
    bool IsStale
)
{
    /// <summary>
    /// What a request would pay: its tier's posted rate, and for a spot lease the notice that it asks for.
    /// </summary>
    public Rate RateFor(LeaseRequest request) => RateFor(request.Tier, request.Notice);

    /// <inheritdoc cref="RateFor(LeaseRequest)"/>
    /// <param name="notice">Null: the fleet's own, at its posted rate.</param>
    public Rate RateFor(LeaseTier tier, TimeSpan? notice = null) =>
        tier == LeaseTier.Spot ? WithNotice(SpotRate, notice) : FirmRate;

    /// <summary>The GPUs that a lease could get now.</summary>
    public int GpusFor(LeaseTier tier, bool longTerm) =>
        tier == LeaseTier.Spot ? SpotGpus
        : longTerm ? LongFirmGpus
        : FirmGpus;

    /// <summary>The least that it can ever be under the fleet's policy.</summary>
    public Rate LeastRateFor(LeaseRequest request) =>
        request.Tier == LeaseTier.Spot
            ? WithNotice(Fleet.Policy.Floor, request.Notice)
            : Fleet.Policy.Floor.Times(Fleet.Policy.FirmFactor, Fleet.Policy.Ceiling);

    private Rate WithNotice(Rate posted, TimeSpan? notice) =>
        notice is { } promised ? posted.Times(Fleet.Policy.NoticeFactor(promised), Fleet.Policy.Ceiling) : posted;
}
