using System.Globalization;
using System.Text.Json;
using DynamicSurplus.Api.Wire;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>A backtest for machines. Shares are of 1; rates are USD per GPU-hour.</summary>
/// <param name="OutsideDemand">Where the requests came from: no figure is of real customers.</param>
/// <param name="Policy">Every member, defaults too. Its ceiling is the unit of the ceiling-hours.</param>
public sealed record BacktestDocument(
    string OutsideDemand,
    string Market,
    long Seed,
    PolicyDocument Policy,
    BacktestFigures Total,
    IReadOnlyList<BacktestDocument.FleetDocument> Fleets
)
{
    public static BacktestDocument Of(BacktestReport report) =>
        new(
            "synthetic",
            report.Market,
            report.Options.Seed,
            PolicyDocument.Of(report.Options.Policy),
            report.Total,
            [.. report.Fleets.Select(FleetDocument.Of)]
        );

    /// <summary>UTF-8 JSON with a line break at its end.</summary>
    public byte[] ToJson() =>
        [.. JsonSerializer.SerializeToUtf8Bytes(this, BacktestJson.Default.BacktestDocument), (byte)'\n'];

    /// <param name="From">Start of the first tick, UTC.</param>
    /// <param name="OracleFixedRate">The constant rate that would have earned most.</param>
    public sealed record FleetDocument(string Fleet, string From, string OracleFixedRate, BacktestFigures Figures)
    {
        internal static FleetDocument Of(FleetReport fleet) =>
            new(
                fleet.Fleet.ToString(),
                fleet.From.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                fleet.OracleRate.ToString(),
                fleet.Figures
            );
    }
}
