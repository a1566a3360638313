using DynamicSurplus.Fleets;
using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Tests.Backtesting;

/// <summary>Small recordings: a sample a minute from a midnight on.</summary>
internal static class Given
{
    public static readonly TickLength Length = TickLength.Default;
    public static readonly FleetId Fleet = FleetId.Parse("fleet-a");
    public static readonly Tick Start = new(1_600_041_600);
    public static readonly FleetPolicy Policy = FleetPolicy.Under(BacktestOptions.UnitCeiling);
    public static readonly BacktestOptions Options = new(Policy, MarketLoad.Medium, Seed: 1);

    public static Tick At(int i) => Start.Plus(i, Length);

    public static Sample Sample(int minute, double healthy, double demand, string fleet = "fleet-a")
    {
        var running = Math.Min(healthy, demand);
        return new(FleetId.Parse(fleet), At(minute).Start, healthy, running, demand - running);
    }

    /// <summary>A fleet whose internal demand is synthetic too.</summary>
    public static FleetTrace Trace(int ticks, int healthy = 64, string fleet = "fleet-a")
    {
        var id = FleetId.Parse(fleet);
        var demand = new SyntheticDemand(id, seed: 11, new DemandShape(healthy), Length);
        return new(id, Enumerable.Range(0, ticks).Select(i => demand.At(At(i), 0, 0)), Length);
    }

    /// <summary>The recorded traces beside the repository, or null where they are not.</summary>
    public static string? Helios()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "DynamicSurplus.sln")))
        {
            root = root.Parent;
        }
        var helios = Path.Combine(root?.FullName ?? ".", "..", "shared", "data", "helios");
        return Directory.Exists(helios) ? helios : null;
    }
}
