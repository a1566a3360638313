using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>What one team was displaced on one fleet within a period.</summary>
/// <param name="Team">The fleet's owner at the time.</param>
public sealed record DisplacedEntry(FleetId Fleet, string Team, DisplacedCost Cost);
