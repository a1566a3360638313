namespace DynamicSurplus.Functions.Triggers;

/// <summary>Names that triggers share with the settings and with infra/.</summary>
internal static class Connections
{
    /// <summary>The product's storage account: a connection string, or <c>SurplusStorage__…ServiceUri</c>.</summary>
    public const string Storage = "SurplusStorage";

    /// <summary>The namespace: <c>ServiceBus__fullyQualifiedNamespace</c>.</summary>
    public const string ServiceBus = "ServiceBus";

    /// <summary>Telemetry, on either kind of queue.</summary>
    public const string TelemetryQueue = "telemetry";

    /// <summary>One message per shard and tick, where there are several shards.</summary>
    public const string PricingQueue = "pricing";
}
