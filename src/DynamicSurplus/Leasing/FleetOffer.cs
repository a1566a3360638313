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
    public Rate RateFor(LeaseTier tier) => tier == LeaseTier.Spot ? SpotRate : FirmRate;

    /// <summary>The GPUs that a lease could get now.</summary>
    public int GpusFor(LeaseTier tier, bool longTerm) =>
        tier == LeaseTier.Spot ? SpotGpus
        : longTerm ? LongFirmGpus
        : FirmGpus;

    /// <summary>The least that the tier's rate can ever be under the fleet's policy.</summary>
    public Rate LeastRateFor(LeaseTier tier) =>
        tier == LeaseTier.Spot
            ? Fleet.Policy.Floor
            : Fleet.Policy.Floor.Firm(Fleet.Policy.FirmFactor, Fleet.Policy.Ceiling);
}
