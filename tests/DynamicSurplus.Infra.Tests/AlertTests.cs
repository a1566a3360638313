using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

/// <summary>An alert on a metric that nobody emits never comes.</summary>
public sealed partial class AlertTests
{
    private static readonly string[] Alerts =
    [
        "dead-letters",
        "effects-failing",
        "firm-shortage",
        "notice-broken",
        "poison-queue",
        "pricing-late",
        "pricing-slow",
        "telemetry-stale",
    ];

    public static TheoryData<string> Environments => [.. Installation.Environments];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Alerts_are_these_and_tell_somebody(string environment)
    {
        var alerts = AlertsOf(environment).ToList();

        alerts
            .Select(alert => alert.GetProperty("name").GetString()!.Replace($"surplus-{environment}-", "", Ordinal))
            .Order(StringComparer.Ordinal)
            .ShouldBe(Alerts);
        alerts.ShouldAllBe(static alert =>
            alert
                .GetProperty("properties")
                .GetProperty("actions")
                .ToString()
                .Contains("actionGroups/ag-surplus", Ordinal)
        );
    }

    [Fact]
    public void Every_alert_has_a_runbook()
    {
        var guide = InfraFolder.ReadFromRoot("docs/azure.md");

        foreach (var alert in Alerts)
        {
            guide.ShouldContain($"### {alert}\n");
        }
    }

    [Fact]
    public void Alerts_and_workbook_read_metrics_that_the_engine_emits()
    {
        var emitted = Sources()
            .SelectMany(static text => Instrument().Matches(text))
            .Select(static match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);

        var read = AlertsOf("prod")
            .Select(static alert => alert.ToString())
            .Append(InfraFolder.ReadFromRoot("infra/workbook.json"))
            .SelectMany(static text => MetricName().Matches(text))
            .Select(static match => match.Value)
            .ToHashSet(StringComparer.Ordinal);

        read.Count.ShouldBeGreaterThanOrEqualTo(6);
        read.Except(emitted, StringComparer.Ordinal).ShouldBeEmpty("no instrument has these names");
    }

    /// <summary>An instrument that is declared, and that nothing adds to, would stay silent too.</summary>
    [Fact]
    public void Engine_instruments_are_all_used()
    {
        var sources = Sources().ToList();

        sources
            .SelectMany(static text => Declaration().Matches(text))
            .Select(static match => match.Groups["field"].Value)
            .Where(field => !sources.Exists(text => text.Contains($"EngineMetrics.{field}.", Ordinal)))
            .ShouldBeEmpty("these instruments of EngineMetrics are never added to");
    }

    [Theory]
    [InlineData("dev", 7.5)]
    [InlineData("prod", 120)]
    public void Pricing_is_late_when_half_of_the_ticks_are_missing(string environment, double fewestTicks)
    {
        var alert = AlertsOf(environment)
            .Single(static one => one.GetProperty("name").GetString()!.EndsWith("pricing-late", Ordinal));
        var criterion = alert.GetProperty("properties").GetProperty("criteria").GetProperty("allOf")[0];

        criterion.GetProperty("operator").GetString().ShouldBe("LessThan");
        criterion.GetProperty("threshold").GetDouble().ShouldBeInRange(fewestTicks - 0.5, fewestTicks);
    }

    private static IEnumerable<JsonElement> AlertsOf(string environment)
    {
        var installation = Installation.Of(environment);
        return installation
            .OfType("Microsoft.Insights/scheduledQueryRules")
            .Concat(installation.OfType("Microsoft.Insights/metricAlerts"));
    }

    private static IEnumerable<string> Sources() =>
        Directory
            .EnumerateFiles(Path.Combine(InfraFolder.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText);

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex(@"\.Create\w+<\w+>\(\s*""(?<name>[a-z.]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Instrument();

    [GeneratedRegex(@"static readonly \w+<\w+> (?<field>\w+) = Meter\.Create", RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b(surplus|telemetry)\.[a-z]+(\.[a-z]+)?(?=\\)", RegexOptions.ExplicitCapture)]
    private static partial Regex MetricName();
}
