using System.Globalization;
using System.Text;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>A backtest for people: a line per fleet, all together, and what the columns mean.</summary>
public static class BacktestTable
{
    private const string Legend = """
        internal, effective: share of capacity in use by internal demand alone, and with leases
        revenue: hours of one GPU at the ceiling; of oracle: share of the best constant rate in hindsight, no margins
        overrun: share of ticks with protected demand + firm leases above capacity
        wait: share of internal demand that waited for leased GPUs; displaced: share of it above an enforced wall
        recl/100: reclaimed of 100 leases; violated: blocks whose free GPUs fell by more than the firm margin
        volatility: standard deviation of the change of ln(rate) per tick
        """;

    private static readonly (string Title, int Width, Func<BacktestFigures, string> Cell)[] Columns =
    [
        ("ticks", 9, f => Number(f.Ticks, "0")),
        ("GPUs", 8, f => Number(f.MeanGpus, "0")),
        ("internal", 10, f => Percent(f.InternalUtilization, "0.0")),
        ("effective", 10, f => Percent(f.EffectiveUtilization, "0.0")),
        ("requests", 10, f => Number(f.Requests, "0")),
        ("leases", 8, f => Number(f.Admitted, "0")),
        ("revenue", 11, f => Number(f.RevenueCeilingHours, "0.0")),
        ("of oracle", 11, f => Percent(f.OracleShare, "0.0")),
        ("overrun", 9, f => Percent(f.FirmOverrun, "0.000")),
        ("wait", 9, f => Percent(f.InternalWait, "0.000")),
        ("displaced", 11, f => Percent(f.Displaced, "0.000")),
        ("recl/100", 10, f => Number(f.ReclaimsPer100, "0.00")),
        ("violated", 10, f => Percent(f.BlockViolations, "0.00")),
        ("volatility", 12, f => Number(f.Volatility, "0.00000")),
    ];

    public static string Of(BacktestReport report)
    {
        var text = new StringBuilder();
        var nameWidth = report.Fleets.Max(fleet => fleet.Fleet.ToString().Length);
        nameWidth = Math.Max("fleet".Length, nameWidth);
        text.Append(
            CultureInfo.InvariantCulture,
            $"Every figure was made with SYNTHETIC outside demand "
                + $"(market {report.Market}, seed {report.Options.Seed}).\n\n"
        );
        Line("fleet", column => column.Title);
        foreach (var fleet in report.Fleets)
        {
            Line(fleet.Fleet.ToString(), column => column.Cell(fleet.Figures));
        }
        Line("total", column => column.Cell(report.Total));
        text.Append(
            CultureInfo.InvariantCulture,
            $"\nWorst fleet's share of violated blocks: "
                + $"{Percent(report.Total.WorstBlockViolations, "0.00")}\n{Legend}\n"
        );
        return text.ToString().ReplaceLineEndings("\n");

        void Line(string name, Func<(string Title, int Width, Func<BacktestFigures, string> Cell), string> cell)
        {
            text.Append(name.PadRight(nameWidth));
            foreach (var column in Columns)
            {
                text.Append(cell(column).PadLeft(column.Width));
            }
            text.Append('\n');
        }
    }

    private static string Number(double? value, string format) =>
        value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : "-";

    private static string Percent(double? share, string format) =>
        share is { } part ? $"{Number(100 * part, format)} %" : "-";
}
