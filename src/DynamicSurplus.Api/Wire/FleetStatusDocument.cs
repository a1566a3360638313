using DynamicSurplus.Fleets;

namespace DynamicSurplus.Api.Wire;

/// <summary>What the engine says of a fleet.</summary>
/// <param name="Unit">Of the policy's rates.</param>
/// <param name="Revision">Counts the operator's writes, from 1.</param>
/// <param name="LeasedGpus">With customers' work on them, in notice included.</param>
/// <param name="HeldGpus">Bound by quotes, or being handed over.</param>
public sealed record FleetStatusDocument(
    bool Paused,
    bool Draining,
    long Revision,
    string Currency,
    string Unit,
    int? LeasedGpus = null,
    int? HeldGpus = null,
    RefusalsDocument? Refusals = null
)
{
    public static FleetStatusDocument Of(Fleet fleet) =>
        new(fleet.Paused, fleet.Draining, fleet.Revision, Money.Usd, Money.UsdPerGpuHour);
}
