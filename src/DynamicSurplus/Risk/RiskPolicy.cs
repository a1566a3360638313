using DynamicSurplus.Fleets;

namespace DynamicSurplus.Risk;

/// <summary>
/// One fleet's knobs of the risk model. <see cref="FleetPolicy"/> holds their ranges, and says of each why its default
/// is what it is.
/// </summary>
/// <param name="EpsilonFirm">Share of blocks whose firm slice may fall short, [0.001, 0.2]. Default 0.01.</param>
/// <param name="EpsilonSpot">The same for the total slice, [epsilonFirm, 1]; 1: no spot margin. Default 0.5.</param>
/// <param name="Decay">Ageing of the histogram per block, [0.9, 1). Default 0.99875.</param>
public readonly record struct RiskPolicy(double EpsilonFirm, double EpsilonSpot, double Decay)
{
    public static RiskPolicy Of(FleetPolicy policy) => new(policy.EpsilonFirm, policy.EpsilonSpot, policy.Decay);
}
