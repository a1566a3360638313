using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>What came of one fleet.</summary>
/// <param name="From">Its first tick.</param>
/// <param name="OracleRate">The constant rate that would have earned most.</param>
public sealed record FleetReport(FleetId Fleet, DateTimeOffset From, BacktestFigures Figures, Rate OracleRate);
