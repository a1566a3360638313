using System.Text.Json;
using System.Xml;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

public sealed class MessagingTests
{
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
        var installation = Installation.Of(environment);

        installation
            .NamesOfType("Microsoft.ServiceBus/namespaces/topics/subscriptions")
            .ShouldBe(["audit", "fleets", "leases"]);
        installation
            .OfType("Microsoft.ServiceBus/namespaces/topics/subscriptions/rules")
            .ToDictionary(
                static rule => rule.GetProperty("name").GetString()!.Split('/')[2],
                static rule => rule.GetProperty("properties").GetProperty("sqlFilter"),
                StringComparer.Ordinal
            )
            .ShouldSatisfyAllConditions(
                rules => Filter(rules["leases"]).ShouldBe("[cloudEvents:type] LIKE 'lease.%'"),
                rules => Filter(rules["fleets"]).ShouldBe("[cloudEvents:type] LIKE 'fleet.%'"),
                rules => Filter(rules["audit"]).ShouldBe("1 = 1")
            );
    }

    private static string? Filter(JsonElement filter) => filter.GetProperty("sqlExpression").GetString();
}
