using DynamicSurplus.Fleets;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>
/// The knobs of <see cref="FleetPolicy"/> that the kernel reads, as plain numbers in the ranges stated there.
/// </summary>
/// <param name="Wall">The enforced efficiency wall, (0, 1]; 1 where the owner enforces none.</param>
/// <param name="Floor">USD per GPU-hour, 0.0001 to the ceiling.</param>
/// <param name="Ceiling">USD per GPU-hour, to 10,000.</param>
/// <param name="Monopoly">
/// USD per GPU-hour, 0.0001 to 10,000; outside [floor, ceiling] the nearer of them counts.
/// </param>
public readonly record struct PricingPolicy(
    double Wall,
    double Floor,
    double Ceiling,
    double Monopoly,
    double Elasticity,
    double Beta,
    double Kappa,
    double Delta,
    double Batch,
    double MeanGpus
)
{
    public static PricingPolicy Of(FleetPolicy policy) =>
        new(
            policy.EffectiveWall,
            (double)policy.Floor.UsdPerGpuHour,
            (double)policy.Ceiling.UsdPerGpuHour,
            (double)policy.Monopoly.UsdPerGpuHour,
            policy.Elasticity,
            policy.Beta,
            policy.Kappa,
            policy.Delta,
            policy.Batch,
            policy.MeanGpus
        );
}
