using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using Microsoft.Extensions.Time.Testing;

namespace DynamicSurplus.Tests.Contracts;

/// <summary>The contracts on the in-memory adapters.</summary>
public static class OnInMemory
{
    public sealed class FleetDirectory : FleetDirectoryContract
    {
        protected override Task<IFreshStore<IFleetDirectory>> CreateAsync() =>
            Store<IFleetDirectory>.OfAsync(_ => new InMemoryFleetDirectory(new() { ShardCount = ShardCount }));
    }

    public sealed class TelemetryInbox : TelemetryInboxContract
    {
        protected override Task<IFreshStore<ITelemetryInbox>> CreateAsync() =>
            Store<ITelemetryInbox>.OfAsync(_ => new InMemoryTelemetryInbox());
    }

    public sealed class TelemetryQueue : TelemetryQueueContract
    {
        protected override Task<IFreshStore<ITelemetryQueue>> CreateAsync() =>
            Store<ITelemetryQueue>.OfAsync(time => new InMemoryTelemetryQueue(time));
    }

    public sealed class RequestLog : RequestLogContract
    {
        protected override Task<IFreshStore<IRequestLog>> CreateAsync() =>
            Store<IRequestLog>.OfAsync(_ => new InMemoryRequestLog());
    }

    public sealed class ShardStore : ShardStoreContract
    {
        protected override Task<IFreshStore<IShardStore>> CreateAsync() =>
            Store<IShardStore>.OfAsync(_ => new InMemoryShardStore());
    }

    public sealed class DisplacedBooks : DisplacedBooksContract
    {
        protected override Task<IFreshStore<IDisplacedBooks>> CreateAsync() =>
            Store<IDisplacedBooks>.OfAsync(_ => new InMemoryDisplacedBooks());
    }

    public sealed class CapacityBooks : CapacityBooksContract
    {
        protected override Task<IFreshStore<ICapacityBooks>> CreateAsync() =>
            Store<ICapacityBooks>.OfAsync(_ => new InMemoryCapacityBooks());
    }

    public sealed class LeaseJournal : LeaseJournalContract
    {
        protected override Task<IFreshStore<ILeaseJournal>> CreateAsync() =>
            Store<ILeaseJournal>.OfAsync(_ => new InMemoryLeaseJournal());
    }

    public sealed class Wakeups : WakeupsContract
    {
        protected override Task<IFreshStore<IWakeups>> CreateAsync() =>
            Store<IWakeups>.OfAsync(_ => new InMemoryWakeups());
    }

    public sealed class LeaseViews : LeaseViewsContract
    {
        protected override Task<IFreshStore<ILeaseViews>> CreateAsync() =>
            Store<ILeaseViews>.OfAsync(_ => new InMemoryLeaseViews());
    }

    public sealed class IdempotencyKeys : IdempotencyKeysContract
    {
        protected override Task<IFreshStore<IIdempotencyKeys>> CreateAsync() =>
            Store<IIdempotencyKeys>.OfAsync(_ => new InMemoryIdempotencyKeys());
    }

    public sealed class Refusals : RefusalsContract
    {
        protected override Task<IFreshStore<IRefusals>> CreateAsync() =>
            Store<IRefusals>.OfAsync(_ => new InMemoryRefusals());
    }

    public sealed class AuditLog : AuditLogContract
    {
        protected override Task<IFreshStore<IAuditLog>> CreateAsync() =>
            Store<IAuditLog>.OfAsync(_ => new InMemoryAuditLog());
    }

    public sealed class TenantHolds : TenantHoldsContract
    {
        protected override Task<IFreshStore<ITenantHolds>> CreateAsync() =>
            Store<ITenantHolds>.OfAsync(_ => new InMemoryTenantHolds());
    }

    public sealed class EventFeed : EventFeedContract
    {
        protected override Task<IFreshStore<IEventFeed>> CreateAsync() =>
            Store<IEventFeed>.OfAsync(_ => new InMemoryEventFeed());
    }

    public sealed class WebhookList : WebhooksContract
    {
        protected override Task<IFreshStore<IWebhooks>> CreateAsync() =>
            Store<IWebhooks>.OfAsync(_ => new InMemoryWebhooks());
    }

    public sealed class DeadLetters : DeadLettersContract
    {
        protected override Task<IFreshStore<IDeadLetters>> CreateAsync() =>
            Store<IDeadLetters>.OfAsync(_ => new InMemoryDeadLetters());
    }

    /// <summary>The adapter is the store: every opening gives the same one.</summary>
    private sealed class Store<TPort>(TPort adapter, FakeTimeProvider time) : IFreshStore<TPort>
    {
        public static Task<IFreshStore<TPort>> OfAsync(Func<TimeProvider, TPort> make)
        {
            var time = new FakeTimeProvider(Example.Noon);
            return Task.FromResult<IFreshStore<TPort>>(new Store<TPort>(make(time), time));
        }

        public TPort Open() => adapter;

        public Task PassAsync(TimeSpan span)
        {
            time.Advance(span);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
