using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Tests.Leasing;

/// <summary>Fleets with default policy under 4 USD (floor 0.5), and what they offer.</summary>
internal static class Offers
{
    public static Fleet Fleet(string id, string region, string sku) =>
        new(
            FleetId.Parse(id),
            region,
            sku,
            Pool: "main",
            Team: "research",
            new FleetAttributes(),
            FleetPolicy.Under(Rate.FromUsd(4)) with
            {
                Floor = Rate.FromUsd(0.5m),
            }
        );

    public static FleetOffer Of(string id, string region, string sku, decimal spotUsd, int gpus) =>
        new(
            Fleet(id, region, sku),
            SpotRate: Rate.FromUsd(spotUsd),
            FirmRate: Rate.FromUsd(spotUsd * 1.25m),
            SpotGpus: gpus,
            FirmGpus: gpus,
            LongFirmGpus: 0,
            InterruptionProbability: 0.05,
            IsStale: false
        );
}
