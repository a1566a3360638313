using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>What could be had instead: of the same tier and the same class of work.</summary>
/// <param name="Gpus">That one lease could get there now, at least 1.</param>
/// <param name="Rate">The tier's posted rate.</param>
public sealed record MatchAlternative(FleetId Fleet, string Sku, string Region, int Gpus, Rate Rate, TermLimits Terms);
