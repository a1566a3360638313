using System.Text;
using System.Text.Json.Nodes;
using DynamicSurplus.Local.Backtesting;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Backtesting;

public class BacktestTests
{
    private static readonly FleetTrace[] Fleets =
    [
        Given.Trace(2000, fleet: "a"),
        Given.Trace(1000, fleet: "b"),
        Given.Trace(1500, fleet: "c"),
    ];

    [Fact]
    public void Same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        Bytes(seed: 5).ShouldBe(Bytes(seed: 5));
        Bytes(seed: 6).ShouldNotBe(Bytes(seed: 5));

        static string Bytes(long seed)
        {
            var report = Run(Fleets, Given.Options with { Seed = seed });
            return BacktestTable.Of(report) + Encoding.UTF8.GetString(BacktestDocument.Of(report).ToJson());
        }
    }

    [Fact]
    public void Fleet_does_not_see_those_beside_it()
    {
        var all = Run(Fleets, Given.Options);
        var one = Run(Fleets[1..2], Given.Options);

        one.Fleets.ShouldBe([all.Fleets[1]]);
        all.Fleets.Select(fleet => fleet.Fleet).ShouldBe(Fleets.Select(trace => trace.Fleet));
    }

    [Fact]
    public void Total_is_the_sum_of_the_fleets()
    {
        var report = Run(Fleets, Given.Options);

        report.Total.Ticks.ShouldBe(4500);
        report.Total.Admitted.ShouldBe(report.Fleets.Sum(fleet => fleet.Figures.Admitted));
        report.Total.RevenueCeilingHours.ShouldBe(report.Fleets.Sum(fleet => fleet.Figures.RevenueCeilingHours), 1e-9);
    }

    [Fact]
    public void Progress_is_told_in_tenths()
    {
        var told = new List<int>();

        Backtest.Run(Fleets[..1], Given.Options, told.Add, TestContext.Current.CancellationToken);

        told.ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }

    [Fact]
    public void Cancellation_stops_it()
    {
        using var cancelled = new CancellationTokenSource();

        Should.Throw<OperationCanceledException>(() =>
            Backtest.Run(Fleets, Given.Options, _ => cancelled.Cancel(), cancelled.Token)
        );
    }

    [Fact]
    public void Table_marks_its_figures_as_synthetic_and_has_a_line_a_fleet()
    {
        var lines = BacktestTable.Of(Run(Fleets, Given.Options)).Split('\n');

        lines[0].ShouldBe("Every figure was made with SYNTHETIC outside demand (market medium, seed 1).");
        lines[3..7].Select(line => line.Split(' ')[0]).ShouldBe(["a", "b", "c", "total"]);
        lines[2..7].Select(line => line.Length).Distinct().ShouldHaveSingleItem();
        lines[6].ShouldContain("4500");
    }

    [Fact]
    public void Document_says_the_same_as_the_report()
    {
        var report = Run(Fleets, Given.Options);

        var json = JsonNode.Parse(BacktestDocument.Of(report).ToJson())!;

        json["outsideDemand"]!.GetValue<string>().ShouldBe("synthetic");
        json["market"]!.GetValue<string>().ShouldBe("medium");
        json["seed"]!.GetValue<long>().ShouldBe(1);
        json["total"]!["firmOverrun"]!.GetValue<double>().ShouldBe(report.Total.FirmOverrun!.Value);
        var fleet = json["fleets"]![2]!;
        fleet["fleet"]!.GetValue<string>().ShouldBe("c");
        fleet["from"]!.GetValue<string>().ShouldBe("2020-09-14T00:00:00Z");
        fleet["figures"]!["oracleShare"]!.GetValue<double>().ShouldBe(report.Fleets[2].Figures.OracleShare!.Value);
    }

    private static BacktestReport Run(FleetTrace[] traces, BacktestOptions options) =>
        Backtest.Run(traces, options, _ => { }, TestContext.Current.CancellationToken);
}
