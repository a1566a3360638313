using DynamicSurplus.Cloud.Blobs;
using DynamicSurplus.Cloud.Queues;
using DynamicSurplus.Cloud.Tables;
using DynamicSurplus.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;

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
        services.AddSingleton<ICapacityBooks, TableCapacityBooks>();
        services.AddSingleton<ILeaseJournal, TableLeaseJournal>();
        services.AddSingleton<IWakeups, TableWakeups>();
        services.AddSingleton<ILeaseViews, TableLeaseViews>();
        services.AddSingleton<IIdempotencyKeys, TableIdempotencyKeys>();
        services.AddSingleton<IRefusals, TableRefusals>();
        services.AddSingleton<IAuditLog, TableAuditLog>();
        return services;
    }
}
