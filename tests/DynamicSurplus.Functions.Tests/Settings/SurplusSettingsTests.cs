using System.Globalization;
using System.Security.Cryptography;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Functions.Settings;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Settings;

public sealed class SurplusSettingsTests
{
    private static readonly string Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>A name, a value that is wrong for it, and what the error says of it.</summary>
    public static TheoryData<string, string?, string> Wrong =>
        new()
        {
            { "Surplus__ShardCount", "0", "1 to 1024" },
            { "Surplus__ShardCount", "1025", "1 to 1024" },
            { "Surplus__ShardCount", "-1", "1 to 1024" },
            { "Surplus__ShardCount", "one", "is 'one'" },
            { "Surplus__ShardCount", "1.5", "is '1.5'" },
            { "Surplus__ShardCount", "99999999999", "1 to 1024" },
            { "Surplus__TickSeconds", "9", "divide an hour" },
            { "Surplus__TickSeconds", "61", "divide an hour" },
            { "Surplus__TickSeconds", "7200", "divide an hour" },
            { "Surplus__TickSeconds", "a minute", "is 'a minute'" },
            { "Limits__LiveQuotes", "0", "1 to 500" },
            { "Limits__LiveQuotes", "501", "1 to 500" },
            { "Limits__HeldGpus", "0", "1 to 1000000" },
            { "Limits__HeldGpus", "1000001", "1 to 1000000" },
            { "Limits__TenantShare", "0", "above 0, at most 1" },
            { "Limits__TenantShare", "1.01", "above 0, at most 1" },
            { "Limits__TenantShare", "NaN", "above 0, at most 1" },
            { "Limits__ReadsPerMinute", "0", "1 to 6000000" },
            { "Limits__WritesPerMinute", "6000001", "1 to 6000000" },
            { "Limits__TelemetryPerMinute", "many", "is 'many'" },
            { "Limits__FailuresPerMinute", "-1", "1 to 6000000" },
            { "Surplus__WebhookSecret", "no Base64!", "at least 32" },
            { "Surplus__WebhookSecret", "c2hvcnQ=", "at least 32" },
            { "Surplus__EventsTopic", "surplus-events", "no namespace" },
            { "SurplusStorage", null, "names no storage account" },
            { "SurplusStorage", "AccountName=surplus", "cannot be read" },
            { "ServiceBus__fullyQualifiedNamespace", "https://surplus.servicebus.windows.net/", "host's name alone" },
            { "ServiceBus__fullyQualifiedNamespace", "surplus", "host's name alone" },
            { "PricingSchedule", null, "is missing" },
            { "PricingSchedule", "* * * * *", "six NCRONTAB fields" },
            { "PricingSchedule", "0 * * * * 99", "six NCRONTAB fields" },
            { "PricingSchedule", "1,31 * * * * *", "every 60 s" },
            { "PricingSchedule", "1 */2 * * * *", "every 60 s" },
            { "PullSchedule", null, "is missing" },
            { "PullSchedule", "minutely", "six NCRONTAB fields" },
            { "PullSchedule", "*/30 * * * * *", "every 60 s" },
            { "SweepSchedule", null, "is missing" },
            { "SweepSchedule", "61 * * * * *", "six NCRONTAB fields" },
            { "ReconcileSchedule", null, "is missing" },
            { "ReconcileSchedule", "hourly", "six NCRONTAB fields" },
            { "PurgeSchedule", null, "is missing" },
            { "PurgeSchedule", "0 30 24 * * *", "six NCRONTAB fields" },
            { "WebhookSchedule", null, "is missing" },
            { "WebhookSchedule", "often", "six NCRONTAB fields" },
            { "Surplus__AllowPrivateWebhooks", "perhaps", "true or false" },
            { "TASKHUB_NAME", null, "is missing" },
            { "TASKHUB_NAME", "ab", "3 to 45" },
            { "TASKHUB_NAME", new string('a', 46), "3 to 45" },
            { "TASKHUB_NAME", "1surplus", "3 to 45" },
            { "TASKHUB_NAME", "surplus-prod", "3 to 45" },
            { "TASKHUB_NAME", "sürplus", "3 to 45" },
            { "AzureWebJobs.IngestTelemetry.Disabled", "yes", "is 'yes'" },
            { "AzureWebJobs.IngestTelemetry.Disabled", "false", "exactly one" },
            { "AzureWebJobs.IngestTelemetry.Disabled", null, "exactly one" },
            { "AzureWebJobs.IngestTelemetryFromStorageQueue.Disabled", "true", "exactly one" },
            { "AzureWebJobs.IngestTelemetryFromStorageQueue.Disabled", "off", "is 'off'" },
            { "ApiKeys__0__Role", "operator", "Name is missing" },
            { "AZURE_CLIENT_ID", "the prod one", "a GUID" },
            { "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "ClientId=me;Authorization=AAD", "Authorization=AAD" },
            { "Entra__Audience", "api://surplus", "" },
            { "APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKeys=x", "cannot be read" },
        };

    [Fact]
    public void Example_is_valid()
    {
        var settings = ExampleSettings.Read();

        settings.Engine.ShardCount.ShouldBe(1);
        settings.Engine.TickLength.ShouldBe(TickLength.Default);
        settings.Webhooks.Secret.IsEmpty.ShouldBeTrue();
        settings.ServiceBus.ShouldBeNull();
        settings.EventsTopic.ShouldBeNull();
        settings.ApiKeys.ShouldBeEmpty();
        settings.MonitorConnection.ShouldBeNull();
        settings.Storage.ToClients().TelemetryQueueName.ShouldBe("telemetry");
    }

    [Fact]
    public void Limits_are_read_to_their_edges()
    {
        var settings = ExampleSettings.Read(
            ("Limits__LiveQuotes", "500"),
            ("Limits__HeldGpus", "1000000"),
            ("Limits__TenantShare", "1"),
            ("Limits__ReadsPerMinute", "6000000"),
            ("Limits__WritesPerMinute", "1"),
            ("Limits__TelemetryPerMinute", "2"),
            ("Limits__FailuresPerMinute", "3")
        );

        (settings.Engine.LiveQuotes, settings.Engine.HeldGpus, settings.Engine.TenantShare).ShouldBe(
            (500, 1_000_000, 1)
        );
        settings.Requests.ShouldBe(
            new RequestLimits
            {
                Reads = new(6_000_000),
                Writes = new(1),
                Telemetry = new(2),
                Failures = new(3),
            }
        );
    }

    [Fact]
    public void Everything_by_identity_is_valid()
    {
        var settings = ExampleSettings.Read(ByIdentity());

        settings.ServiceBus!.FullyQualifiedNamespace.ShouldBe("surplus.servicebus.windows.net");
        settings.EventsTopic.ShouldBe("surplus-events");
        settings.Webhooks.Secret.ToArray().ShouldBe(Convert.FromBase64String(Secret));
        settings.MonitorClientId.ShouldBe("00000000-0000-0000-0000-000000000001");
        settings.Storage.ToClients().ToString().ShouldNotBeNull();
    }

    [Theory]
    [InlineData("60", "1 * * * * *")]
    [InlineData("30", "1,31 * * * * *")]
    [InlineData("10", "*/10 * * * * *")]
    [InlineData("300", "1 */5 * * * *")]
    [InlineData("3600", "1 0 * * * *")]
    public void Schedules_that_come_once_a_tick_are_valid(string tickSeconds, string schedule) =>
        ExampleSettings
            .Read(("Surplus__TickSeconds", tickSeconds), ("PricingSchedule", schedule), ("PullSchedule", schedule))
            .Engine.TickLength.Seconds.ShouldBe(int.Parse(tickSeconds, CultureInfo.InvariantCulture));

    [Fact]
    public void Key_of_the_development_is_read() =>
        ExampleSettings
            .Read(Key("Customer", "acme", new string('a', 64)))
            .ApiKeys.ShouldBe([new ApiKey("key", Roles.Customer, TenantId.Parse("acme"), new string('a', 64))]);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_setting_is_named_as_the_environment_names_it(string name, string? value, string says)
    {
        var refused = Should.Throw<InvalidSettingsException>(() => ExampleSettings.Read((name, value)));

        var field = name.StartsWith("ApiKeys", StringComparison.Ordinal)
            ? "ApiKeys__0"
            : name.Replace("Entra__Audience", "Entra__Authority");
        var sibling = field.Replace("IngestTelemetryFromStorageQueue", "IngestTelemetry");
        var error = refused.Errors.FirstOrDefault(error => error.Field == field || error.Field == sibling);
        error.ShouldNotBeNull(refused.Message);
        string.Concat(refused.Errors.Where(e => e.Field == field || e.Field == sibling)).ShouldContain(says);
        refused.Message.ShouldContain(error.Field);
    }

    [Theory]
    [InlineData("SurplusStorage__tableServiceUri", "surplus.table.core.windows.net")]
    [InlineData("SurplusStorage__blobServiceUri", "ftp://surplus.blob.core.windows.net")]
    [InlineData("SurplusStorage__queueServiceUri", "http://surplus.queue.core.windows.net")]
    [InlineData("SurplusStorage__credential", "password")]
    [InlineData("ServiceBus__credential", "key")]
    [InlineData("SurplusStorage__clientId", "the prod one")]
    [InlineData("ServiceBus__clientId", "{}")]
    public void Wrong_identity_is_named(string name, string value)
    {
        var refused = Should.Throw<InvalidSettingsException>(() =>
            ExampleSettings.Read([.. ByIdentity(), (name, value)])
        );

        refused.Errors.ShouldContain(error => error.Field == name && error.Problem.Contains(value));
    }

    [Theory]
    [InlineData("SurplusStorage__tableServiceUri")]
    [InlineData("SurplusStorage__blobServiceUri")]
    [InlineData("SurplusStorage__queueServiceUri")]
    public void Storage_by_identity_needs_all_three_services(string name) =>
        Should
            .Throw<InvalidSettingsException>(() => ExampleSettings.Read([.. ByIdentity(), (name, null)]))
            .Errors.ShouldHaveSingleItem()
            .Field.ShouldBe("SurplusStorage");

    [Theory]
    [InlineData("True", "False")]
    [InlineData("1", "0")]
    [InlineData("true", null)]
    public void Switches_are_read_as_the_platform_reads_them(string serviceBus, string? storage) =>
        ExampleSettings
            .Read(
                ("AzureWebJobs.IngestTelemetry.Disabled", null),
                ("AzureWebJobs.IngestTelemetryFromStorageQueue.Disabled", null),
                ("AzureWebJobs_IngestTelemetry_Disabled", serviceBus),
                ("AzureWebJobs_IngestTelemetryFromStorageQueue_Disabled", storage)
            )
            .ServiceBus.ShouldBeNull();

    [Fact]
    public void Service_Bus_is_needed_where_its_function_is_on() =>
        Should
            .Throw<InvalidSettingsException>(() =>
                ExampleSettings.Read([
                    ("AzureWebJobs.IngestTelemetry.Disabled", "false"),
                    ("AzureWebJobs.IngestTelemetryFromStorageQueue.Disabled", "true"),
                ])
            )
            .Errors.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                error => error.Field.ShouldBe("AzureWebJobs.IngestTelemetry.Disabled"),
                error => error.Fix.ShouldContain("ServiceBus__fullyQualifiedNamespace")
            );

    [Fact]
    public void All_that_is_wrong_is_named_at_once()
    {
        (string, string?)[] wrong =
        [
            ("Surplus__ShardCount", "0"),
            ("Surplus__TickSeconds", "7"),
            ("Surplus__WebhookSecret", "short"),
            ("SweepSchedule", null),
            ("TASKHUB_NAME", "a b"),
            ("SurplusStorage", null),
        ];

        var refused = Should.Throw<InvalidSettingsException>(() => ExampleSettings.Read(wrong));

        refused.Errors.Select(error => error.Field).ShouldBe(wrong.Select(w => w.Item1), ignoreOrder: true);
        refused.Message.Split('\n').Length.ShouldBe(1 + wrong.Length);
    }

    [Theory]
    [InlineData("Surplus__WebhookSecret", "c2VjcmV0LWJ1dC10b28tc2hvcnQ=")]
    [InlineData("SurplusStorage", "AccountName=surplus;AccountKey=c2VjcmV0LWtleQ")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "Key=c2VjcmV0LWtleQ")]
    public void Secret_is_not_shown(string name, string value)
    {
        var refused = Should.Throw<InvalidSettingsException>(() => ExampleSettings.Read((name, value)));

        refused.Errors.ShouldHaveSingleItem().Field.ShouldBe(name);
        refused.ToString().ShouldNotContain("c2VjcmV0");
    }

    [Theory]
    [InlineData("owner", "acme", "Role is 'owner'")]
    [InlineData("customer", "ACME!", "")]
    [InlineData("customer", null, "")]
    [InlineData("operator", "acme", "")]
    public void Wrong_key_is_named(string role, string? tenant, string says)
    {
        var refused = Should.Throw<InvalidSettingsException>(() =>
            ExampleSettings.Read(Key(role, tenant, new string('a', 64)))
        );

        refused.Errors.ShouldHaveSingleItem().Field.ShouldBe("ApiKeys__0");
        refused.Message.ShouldContain(says);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a hash")]
    public void Key_that_is_no_hash_is_not_shown(string hash)
    {
        var refused = Should.Throw<InvalidSettingsException>(() => ExampleSettings.Read(Key("operator", null, hash)));

        refused.Errors.ShouldHaveSingleItem().Field.ShouldBe("ApiKeys__0");
        refused.Message.ShouldNotContain("not a hash");
    }

    private static (string, string?)[] Key(string role, string? tenant, string hash) =>
        [
            ("ApiKeys__0__Name", "key"),
            ("ApiKeys__0__Role", role),
            ("ApiKeys__0__Tenant", tenant),
            ("ApiKeys__0__Sha256", hash),
        ];

    private static (string Name, string? Value)[] ByIdentity()
    {
        const string Client = "00000000-0000-0000-0000-000000000001";
        return
        [
            ("SurplusStorage", null),
            ("SurplusStorage__tableServiceUri", "https://surplus.table.core.windows.net"),
            ("SurplusStorage__blobServiceUri", "https://surplus.blob.core.windows.net"),
            ("SurplusStorage__queueServiceUri", "https://surplus.queue.core.windows.net"),
            ("SurplusStorage__credential", "managedidentity"),
            ("SurplusStorage__clientId", Client),
            ("ServiceBus__fullyQualifiedNamespace", "surplus.servicebus.windows.net"),
            ("ServiceBus__credential", "managedidentity"),
            ("ServiceBus__clientId", Client),
            ("Surplus__EventsTopic", "surplus-events"),
            ("Surplus__WebhookSecret", Secret),
            ("AzureWebJobs.IngestTelemetry.Disabled", "false"),
            ("AzureWebJobs.IngestTelemetryFromStorageQueue.Disabled", "true"),
            (
                "APPLICATIONINSIGHTS_CONNECTION_STRING",
                "InstrumentationKey=00000000-0000-0000-0000-000000000000;"
                    + "IngestionEndpoint=https://northeurope-0.in.applicationinsights.azure.com/"
            ),
            ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", $"ClientId={Client};Authorization=AAD"),
        ];
    }
}
