using DynamicSurplus.Fleets;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>What every fleet of a backtest has in common.</summary>
/// <param name="Policy">Its ceiling is the unit of the synthetic customers' bounds and of the revenue.</param>
/// <param name="Seed">Of the outside demand.</param>
public sealed record BacktestOptions(FleetPolicy Policy, MarketLoad Market, long Seed)
{
    /// <summary>Rates in units of the ceiling, where no policy says otherwise.</summary>
    public static readonly Rate UnitCeiling = Rate.FromUsd(1);
}
