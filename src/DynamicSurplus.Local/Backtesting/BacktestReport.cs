namespace DynamicSurplus.Local.Backtesting;

/// <summary>What came of a backtest: its options, each fleet in the order given, and all together.</summary>
public sealed record BacktestReport(BacktestOptions Options, IReadOnlyList<FleetReport> Fleets, BacktestFigures Total)
{
    /// <summary>As the command line says it.</summary>
    public string Market => Options.Market.ToString().ToLowerInvariant();
}
