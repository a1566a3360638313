using System.Text.RegularExpressions;
using System.Xml;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

public sealed partial class MessagingTests
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    public static TheoryData<string> Environments => [.. Installation.Environments];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Telemetry_queue_has_sessions_dead_letters_and_drops_duplicates(string environment)
    {
        var queue = Installation.Of(environment).OfType("Microsoft.ServiceBus/namespaces/queues").Single();
        var properties = queue.GetProperty("properties");

        queue.GetProperty("name").GetString().ShouldEndWith("/telemetry");
        properties.GetProperty("requiresSession").GetBoolean().ShouldBeTrue();
        properties.GetProperty("deadLetteringOnMessageExpiration").GetBoolean().ShouldBeTrue();
        properties.GetProperty("maxDeliveryCount").GetInt32().ShouldBeInRange(2, 10);
        properties.GetProperty("requiresDuplicateDetection").GetBoolean().ShouldBeTrue();
        XmlConvert
            .ToTimeSpan(properties.GetProperty("duplicateDetectionHistoryTimeWindow").GetString()!)
            .ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Each_subscription_sees_its_own_events(string environment)
    {
        var filters = Filters(environment);

        filters.Keys.Order(StringComparer.Ordinal).ShouldBe(["audit", "leases", "reclaims"]);
        filters["audit"].ShouldBe("1 = 1");
        filters["leases"].ShouldBe("[type] LIKE 'dynamic-surplus.lease.%'");
        filters["reclaims"].ShouldStartWith("[type] IN (");
    }

    /// <summary>A filter on a type that nobody sends lets nothing through.</summary>
    [Fact]
    public void Filters_name_types_that_are_sent()
    {
        var prefix = Prefix().Match(Source("Events/LeaseCloudEvent.cs")).Groups["prefix"].Value;
        var sent = TypeSent()
            .Matches(Source("Wire/LeaseEventDocument.cs"))
            .Select(match => prefix + match.Groups["type"].Value)
            .ToList();

        var named = Filters("prod")
            .Values.SelectMany(static filter => Literal().Matches(filter))
            .Select(static match => match.Groups["text"].Value)
            .ToList();

        named.Count.ShouldBeGreaterThan(2);
        named.ShouldAllBe(name => sent.Exists(type => Lets(name, type)));
    }

    private static bool Lets(string pattern, string type) =>
        pattern.EndsWith('%') ? type.StartsWith(pattern[..^1], Ordinal) : string.Equals(type, pattern, Ordinal);

    private static string Source(string file) => InfraFolder.ReadFromRoot($"src/DynamicSurplus.Api/{file}");

    private static Dictionary<string, string> Filters(string environment) =>
        Installation
            .Of(environment)
            .OfType("Microsoft.ServiceBus/namespaces/topics/subscriptions/rules")
            .ToDictionary(
                static rule => rule.GetProperty("name").GetString()!.Split('/')[2],
                static rule =>
                    rule.GetProperty("properties").GetProperty("sqlFilter").GetProperty("sqlExpression").GetString()!,
                StringComparer.Ordinal
            );

    [GeneratedRegex(@"TypePrefix = ""(?<prefix>[^""]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"Type = ""(?<type>[a-z-]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex TypeSent();

    [GeneratedRegex("'(?<text>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Literal();
}
