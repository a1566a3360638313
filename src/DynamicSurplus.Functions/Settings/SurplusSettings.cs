using DynamicSurplus.Api.Access;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Configuration;

namespace DynamicSurplus.Functions.Settings;

/// <summary>Everything that the app is told by its settings, read once at the start.</summary>
/// <param name="Engine">
/// From <c>Surplus__ShardCount</c> (1 to 1,024), <c>Surplus__TickSeconds</c>, <c>Limits__LiveQuotes</c>,
/// <c>Limits__HeldGpus</c> and <c>Limits__TenantShare</c>.
/// </param>
/// <param name="Webhooks">
/// From <c>Surplus__WebhookSecret</c>, Base64 of at least 32 bytes (empty: no webhooks), and
/// <c>Surplus__AllowPrivateWebhooks</c> (false unless said otherwise).
/// </param>
/// <param name="Storage">Of the product's data: <c>SurplusStorage</c>.</param>
/// <param name="ServiceBus">Null where the installation has no namespace.</param>
/// <param name="EventsTopic">From <c>Surplus__EventsTopic</c>; null: there is none, and the feed is all.</param>
/// <param name="ApiKeys">From <c>ApiKeys__n__…</c>: for development, and for who has no identity provider.</param>
/// <param name="Entra">From <c>Entra__…</c>: whose tokens are accepted; null: nobody's.</param>
/// <param name="PrometheusClientId">
/// From <c>AZURE_CLIENT_ID</c>: the identity that reads Azure Monitor's Prometheus; null: none does.
/// </param>
/// <param name="MonitorConnection">
/// From <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>; null: nothing is exported.
/// </param>
/// <param name="MonitorClientId">The identity that may write there; null: the connection string is enough.</param>
public sealed record SurplusSettings(
    EngineOptions Engine,
    WebhookOptions Webhooks,
    StorageConnection Storage,
    ServiceBusConnection? ServiceBus,
    string? EventsTopic,
    IReadOnlyList<ApiKey> ApiKeys,
    EntraOptions? Entra,
    string? PrometheusClientId,
    string? MonitorConnection,
    string? MonitorClientId
)
{
    /// <summary>
    /// From <c>Limits__ReadsPerMinute</c>, <c>…WritesPerMinute</c>, <c>…TelemetryPerMinute</c> and
    /// <c>…FailuresPerMinute</c>: of one caller and instance.
    /// </summary>
    public RequestLimits Requests { get; init; } = new();

    /// <summary>Of the telemetry functions, exactly one must be switched off.</summary>
    private static readonly string[] TelemetryFunctions = ["IngestTelemetry", "IngestTelemetryFromStorageQueue"];

    /// <exception cref="InvalidSettingsException">Names every setting that is wrong, and how to put it
    /// right.</exception>
    public static SurplusSettings Read(IConfiguration configuration)
    {
        var read = new SettingsReader(configuration);
        var length = read.TickLength("Surplus:TickSeconds");
        var serviceBus = ServiceBusConnection.Read(read, "ServiceBus");
        var topic = read.Text("Surplus:EventsTopic");
        read.Check(
            topic is null || serviceBus is not null,
            "Surplus:EventsTopic",
            "names a topic, but there is no namespace",
            "set ServiceBus__fullyQualifiedNamespace, or leave the topic out"
        );
        CheckTelemetry(read, serviceBus);
        read.Schedule("PricingSchedule", length.Span);
        read.Schedule("PullSchedule", length.Span);
        read.Schedule("SweepSchedule");
        read.Schedule("ReconcileSchedule");
        read.Schedule("PurgeSchedule");
        read.Schedule("WebhookSchedule");
        CheckTaskHub(read, "TASKHUB_NAME");
        var settings = new SurplusSettings(
            EngineOf(read, length),
            new WebhookOptions(read.Secret("Surplus:WebhookSecret", WebhookOptions.MinSecretBytes))
            {
                AllowPrivateTargets = read.Flag("Surplus:AllowPrivateWebhooks"),
            },
            StorageConnection.Read(read, "SurplusStorage"),
            serviceBus,
            topic,
            read.ApiKeys("ApiKeys"),
            read.Entra("Entra"),
            read.ClientId("AZURE_CLIENT_ID"),
            read.MonitorConnection("APPLICATIONINSIGHTS_CONNECTION_STRING"),
            read.MonitorClientId("APPLICATIONINSIGHTS_AUTHENTICATION_STRING")
        )
        {
            Requests = RequestsOf(read),
        };
        read.ThrowIfAny();
        return settings;
    }

    private static EngineOptions EngineOf(SettingsReader read, TickLength length)
    {
        var otherwise = new EngineOptions();
        return new()
        {
            ShardCount = read.Whole("Surplus:ShardCount", 1, 1024, 1),
            TickLength = length,
            LiveQuotes = read.Whole("Limits:LiveQuotes", 1, ITenantHolds.MostHolds, otherwise.LiveQuotes),
            HeldGpus = read.Whole("Limits:HeldGpus", 1, LeaseTerms.MaxGpus, otherwise.HeldGpus),
            TenantShare = read.Share("Limits:TenantShare", otherwise.TenantShare),
        };
    }

    private static RequestLimits RequestsOf(SettingsReader read)
    {
        var otherwise = new RequestLimits();
        return new()
        {
            Reads = BudgetOf("Limits:ReadsPerMinute", otherwise.Reads),
            Writes = BudgetOf("Limits:WritesPerMinute", otherwise.Writes),
            Telemetry = BudgetOf("Limits:TelemetryPerMinute", otherwise.Telemetry),
            Failures = BudgetOf("Limits:FailuresPerMinute", otherwise.Failures),
        };

        RequestBudget BudgetOf(string key, RequestBudget budget) =>
            new(read.Whole(key, 1, RequestBudget.MostPerMinute, budget.PerMinute));
    }

    /// <summary>Read by host.json: the platform names containers, queues and tables after it.</summary>
    private static void CheckTaskHub(SettingsReader read, string key)
    {
        var name = read.Required(key);
        read.Check(
            name.Length == 0
                || (
                    name.Length is >= 3 and <= 45 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit)
                ),
            key,
            $"is '{name}'",
            "give 3 to 45 letters and digits, a letter first"
        );
    }

    private static void CheckTelemetry(SettingsReader read, ServiceBusConnection? serviceBus)
    {
        var off = Array.ConvertAll(TelemetryFunctions, read.IsDisabled);
        read.Check(
            off.Count(isOff => isOff) == 1,
            SettingsReader.DisabledKey(TelemetryFunctions[0]),
            off[0] ? "and its sibling are both true: no telemetry would be taken" : "and its sibling are both false",
            "set exactly one of AzureWebJobs.IngestTelemetry.Disabled (Service Bus) and "
                + "AzureWebJobs.IngestTelemetryFromStorageQueue.Disabled (storage queue) to true"
        );
        read.Check(
            off[0] || serviceBus is not null,
            SettingsReader.DisabledKey(TelemetryFunctions[0]),
            "is false, but there is no Service Bus namespace",
            "set ServiceBus__fullyQualifiedNamespace, or set this to true and take telemetry from the storage queue"
        );
    }
}
