using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

/// <summary>Every setting that the app reads is deployed, and none of them is a secret.</summary>
public sealed partial class SettingsTests
{
    private static readonly string[] Required =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AZURE_CLIENT_ID",
        "AzureWebJobs.IngestTelemetry.Disabled",
        "AzureWebJobs.IngestTelemetryFromStorageQueue.Disabled",
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__queueServiceUri",
        "AzureWebJobsStorage__tableServiceUri",
        "Entra__Audience",
        "Entra__Authority",
        "Entra__TenantClaim",
        "Limits__FailuresPerMinute",
        "Limits__HeldGpus",
        "Limits__LiveQuotes",
        "Limits__ReadsPerMinute",
        "Limits__TelemetryPerMinute",
        "Limits__TenantShare",
        "Limits__WritesPerMinute",
        "PricingSchedule",
        "PullSchedule",
        "PurgeSchedule",
        "ReconcileSchedule",
        "ServiceBus__clientId",
        "ServiceBus__credential",
        "ServiceBus__fullyQualifiedNamespace",
        "SurplusStorage__blobServiceUri",
        "SurplusStorage__clientId",
        "SurplusStorage__credential",
        "SurplusStorage__queueServiceUri",
        "SurplusStorage__tableServiceUri",
        "Surplus__EventsTopic",
        "Surplus__ShardCount",
        "Surplus__TickSeconds",
        "Surplus__WebhookSecret",
        "SweepSchedule",
        "TASKHUB_NAME",
        "WebhookSchedule",
    ];

    private static readonly string[] OfTheScheduler =
    [
        "AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName",
        "AzureFunctionsJobHost__extensions__durableTask__storageProvider__type",
        "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
    ];

    public static TheoryData<string> Environments => [.. Installation.Environments];

    [Fact]
    public void Development_deploys_exactly_these_settings() =>
        Installation
            .Of("dev")
            .AppSettings()
            .Keys.Order(StringComparer.Ordinal)
            .ShouldBe(Required.Order(StringComparer.Ordinal));

    [Fact]
    public void Production_adds_those_of_the_scheduler() =>
        Installation
            .Of("prod")
            .AppSettings()
            .Keys.Order(StringComparer.Ordinal)
            .ShouldBe(Required.Concat(OfTheScheduler).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_setting_that_a_trigger_or_host_json_names_is_deployed()
    {
        var named = Directory
            .EnumerateFiles(Path.Combine(InfraFolder.Root, "src/DynamicSurplus.Functions/Triggers"), "*.cs")
            .Select(File.ReadAllText)
            .Append(InfraFolder.ReadFromRoot("host.json"))
            .SelectMany(static text => Percent().Matches(text))
            .Select(static match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);

        named.Count.ShouldBeGreaterThanOrEqualTo(4);
        named.Except(Required, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Exactly_one_telemetry_queue_is_on(string environment)
    {
        var settings = Installation.Of(environment).AppSettings();

        new[] { "IngestTelemetry", "IngestTelemetryFromStorageQueue" }
            .Select(function => settings[$"AzureWebJobs.{function}.Disabled"])
            .Order(StringComparer.Ordinal)
            .ShouldBe(["False", "True"]);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Connections_are_by_identity_and_the_secret_by_reference(string environment)
    {
        var settings = Installation.Of(environment).AppSettings();

        foreach (var connection in new[] { "AzureWebJobsStorage", "SurplusStorage", "ServiceBus" })
        {
            settings[$"{connection}__credential"].ShouldBe("managedidentity");
        }
        settings["Surplus__WebhookSecret"].ShouldContain("@Microsoft.KeyVault(SecretUri=");
        settings.Values.ShouldAllBe(value => !value.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase));
        settings.Values.ShouldAllBe(value => !value.Contains("SharedAccessKey=", StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"%(?<name>\w+)%", RegexOptions.ExplicitCapture)]
    private static partial Regex Percent();
}
