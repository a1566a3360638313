using Azure.Core;
using DynamicSurplus.Cloud.Blobs;
using DynamicSurplus.Cloud.Prometheus;
using DynamicSurplus.Cloud.Queues;
using DynamicSurplus.Cloud.Tables;
using DynamicSurplus.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Cloud;

public static class CloudServices
{
    /// <summary>Adapters over Azure Storage for every port; needs the engine's options beside them.</summary>
    /// <param name="clients">Whose tables, containers and queues exist, or will when the first call comes.</param>
    public static IServiceCollection AddAzureStorage(this IServiceCollection services, StorageClients clients)
    {
        services.AddSingleton(clients);
        services.AddSingleton<IFleetDirectory, TableFleetDirectory>();
        services.AddSingleton<ITelemetryInbox, BlobTelemetryInbox>();
        services.AddSingleton<ITelemetryQueue, StorageTelemetryQueue>();
        services.AddSingleton<IRequestLog, TableRequestLog>();
        services.AddSingleton<IShardStore, BlobShardStore>();
        services.AddSingleton<IDisplacedBooks, BlobDisplacedBooks>();
        services.AddSingleton<ICapacityBooks, TableCapacityBooks>();
        services.AddSingleton<ILeaseJournal, TableLeaseJournal>();
        services.AddSingleton<IWakeups, TableWakeups>();
        services.AddSingleton<ILeaseViews, TableLeaseViews>();
        services.AddSingleton<IIdempotencyKeys, TableIdempotencyKeys>();
        services.AddSingleton<IRefusals, TableRefusals>();
        services.AddSingleton<IAuditLog, TableAuditLog>();
        services.AddSingleton<ITenantHolds, TableTenantHolds>();
        services.AddSingleton<IEventFeed, TableEventFeed>();
        services.AddSingleton<IWebhooks, TableWebhooks>();
        services.AddSingleton<IDeadLetters, TableDeadLetters>();
        return services;
    }

    /// <summary>Fleets may declare a Prometheus server, which their telemetry is pulled from.</summary>
    /// <param name="azureMonitor">The host's identity, for servers of Azure Monitor and no others; null: none.</param>
    public static IServiceCollection AddPrometheus(
        this IServiceCollection services,
        TokenCredential? azureMonitor = null
    )
    {
        services
            .AddHttpClient(nameof(PrometheusTelemetry))
            .ConfigurePrimaryHttpMessageHandler(PrometheusTelemetry.CreateHandler)
            .RemoveAllLoggers(); // several lines a query and tick; what fails is told per fleet
        services.AddSingleton<ITelemetrySource>(provider => new PrometheusTelemetry(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(PrometheusTelemetry)),
            new PrometheusOptions(),
            azureMonitor,
            provider.GetRequiredService<ILogger<PrometheusTelemetry>>()
        ));
        return services;
    }
}
