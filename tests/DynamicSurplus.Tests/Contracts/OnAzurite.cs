using DynamicSurplus.Cloud;
using DynamicSurplus.Cloud.Blobs;
using DynamicSurplus.Cloud.Queues;
using DynamicSurplus.Cloud.Tables;
using DynamicSurplus.Engine.Ports;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

/// <summary>
/// The contracts on Azure Storage's emulator. Every test has tables, containers and queues of its own.
/// </summary>
public static class OnAzurite
{
    public sealed class FleetDirectory(AzuriteFixture azurite) : FleetDirectoryContract
    {
        protected override Task<IFreshStore<IFleetDirectory>> CreateAsync() =>
            Store<IFleetDirectory>.OnAsync(
                azurite,
                clients => new TableFleetDirectory(clients, new() { ShardCount = ShardCount })
            );
    }

    public sealed class TelemetryInbox(AzuriteFixture azurite) : TelemetryInboxContract
    {
        protected override Task<IFreshStore<ITelemetryInbox>> CreateAsync() =>
            Store<ITelemetryInbox>.OnAsync(azurite, clients => new BlobTelemetryInbox(clients));
    }

    public sealed class TelemetryQueue(AzuriteFixture azurite) : TelemetryQueueContract
    {
        protected override Task<IFreshStore<ITelemetryQueue>> CreateAsync() =>
            Store<ITelemetryQueue>.OnAsync(azurite, clients => new StorageTelemetryQueue(clients));
    }

    public sealed class RequestLog(AzuriteFixture azurite) : RequestLogContract
    {
        protected override Task<IFreshStore<IRequestLog>> CreateAsync() =>
            Store<IRequestLog>.OnAsync(azurite, clients => new TableRequestLog(clients));
    }

    public sealed class ShardStore(AzuriteFixture azurite) : ShardStoreContract
    {
        protected override Task<IFreshStore<IShardStore>> CreateAsync() =>
            Store<IShardStore>.OnAsync(azurite, clients => new BlobShardStore(clients));
    }

    public sealed class DisplacedBooks(AzuriteFixture azurite) : DisplacedBooksContract
    {
        protected override Task<IFreshStore<IDisplacedBooks>> CreateAsync() =>
            Store<IDisplacedBooks>.OnAsync(azurite, clients => new BlobDisplacedBooks(clients));
    }

    public sealed class CapacityBooks(AzuriteFixture azurite) : CapacityBooksContract
    {
        protected override Task<IFreshStore<ICapacityBooks>> CreateAsync() =>
            Store<ICapacityBooks>.OnAsync(azurite, clients => new TableCapacityBooks(clients));
    }

    public sealed class LeaseJournal(AzuriteFixture azurite) : LeaseJournalContract
    {
        protected override Task<IFreshStore<ILeaseJournal>> CreateAsync() =>
            Store<ILeaseJournal>.OnAsync(azurite, clients => new TableLeaseJournal(clients));
    }

    public sealed class Wakeups(AzuriteFixture azurite) : WakeupsContract
    {
        protected override Task<IFreshStore<IWakeups>> CreateAsync() =>
            Store<IWakeups>.OnAsync(azurite, clients => new TableWakeups(clients));
    }

    public sealed class LeaseViews(AzuriteFixture azurite) : LeaseViewsContract
    {
        protected override Task<IFreshStore<ILeaseViews>> CreateAsync() =>
            Store<ILeaseViews>.OnAsync(azurite, clients => new TableLeaseViews(clients));
    }

    public sealed class IdempotencyKeys(AzuriteFixture azurite) : IdempotencyKeysContract
    {
        protected override Task<IFreshStore<IIdempotencyKeys>> CreateAsync() =>
            Store<IIdempotencyKeys>.OnAsync(azurite, clients => new TableIdempotencyKeys(clients));
    }

    public sealed class Refusals(AzuriteFixture azurite) : RefusalsContract
    {
        protected override Task<IFreshStore<IRefusals>> CreateAsync() =>
            Store<IRefusals>.OnAsync(azurite, clients => new TableRefusals(clients));
    }

    public sealed class AuditLog(AzuriteFixture azurite) : AuditLogContract
    {
        protected override Task<IFreshStore<IAuditLog>> CreateAsync() =>
            Store<IAuditLog>.OnAsync(azurite, clients => new TableAuditLog(clients));
    }

    public sealed class TenantHolds(AzuriteFixture azurite) : TenantHoldsContract
    {
        protected override Task<IFreshStore<ITenantHolds>> CreateAsync() =>
            Store<ITenantHolds>.OnAsync(azurite, clients => new TableTenantHolds(clients));
    }

    public sealed class EventFeed(AzuriteFixture azurite) : EventFeedContract
    {
        protected override Task<IFreshStore<IEventFeed>> CreateAsync() =>
            Store<IEventFeed>.OnAsync(azurite, clients => new TableEventFeed(clients));
    }

    public sealed class WebhookList(AzuriteFixture azurite) : WebhooksContract
    {
        protected override Task<IFreshStore<IWebhooks>> CreateAsync() =>
            Store<IWebhooks>.OnAsync(azurite, clients => new TableWebhooks(clients));
    }

    public sealed class DeadLetters(AzuriteFixture azurite) : DeadLettersContract
    {
        protected override Task<IFreshStore<IDeadLetters>> CreateAsync() =>
            Store<IDeadLetters>.OnAsync(azurite, clients => new TableDeadLetters(clients));
    }

    /// <summary>What is stored goes with the emulator, which keeps it in memory until the run's end.</summary>
    private sealed class Store<TPort>(StorageClients clients, Func<StorageClients, TPort> make) : IFreshStore<TPort>
    {
        public static async Task<IFreshStore<TPort>> OnAsync(
            AzuriteFixture azurite,
            Func<StorageClients, TPort> make
        ) => new Store<TPort>(await azurite.StorageAsync(), make);

        public TPort Open() => make(clients);

        public Task PassAsync(TimeSpan span) => Task.Delay(span, TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
