using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Engine.Webhooks;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DynamicSurplus.Engine;

/// <summary>What every host registers: the steps, over whichever adapters and clock it registers beside them.</summary>
public static class EngineServices
{
    /// <summary>
    /// Needs a <see cref="TimeProvider"/> (the engine's clock) and an adapter for each port; where the host has
    /// registered none of its own, reclaims are direct and events stay in memory.
    /// </summary>
    /// <remarks>A host that never runs <see cref="PullTelemetry"/> needs no <see cref="ITelemetrySource"/>.</remarks>
    public static IServiceCollection AddEngine(
        this IServiceCollection services,
        EngineOptions options,
        WebhookOptions webhooks
    )
    {
        services.AddSingleton(options);
        services.AddSingleton<EngineClock>();
        services.AddSingleton(provider => new FleetCatalog(
            provider.GetRequiredService<IFleetDirectory>(),
            options,
            TimeProvider.System,
            options.CatalogInterval
        ));
        services.AddSingleton<RateBooks>();
        services.AddSingleton<IRiskModel, ReferenceRiskModel>();
        services.AddSingleton<PricingCycle>();

        services.AddSingleton<ImmediateProvisioner>();
        services.AddHttpClient(nameof(WebhookProvisioner));
        services.AddSingleton(provider => new WebhookProvisioner(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(WebhookProvisioner)),
            webhooks,
            TimeProvider.System
        ));
        services.AddSingleton<IProvisioner, FleetProvisioner>();

        services.AddLeases();
        services.AddEvents(webhooks);
        services.TryAddSingleton<IReclaimWaves, DirectReclaims>();
        services.TryAddSingleton<IEventPublisher, InMemoryEvents>();
        services.AddSingleton<RunPricingCycle>();
        services.AddSingleton<StoreSamples>();
        services.AddSingleton<IngestTelemetry>();
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<PullTelemetry>(provider, TimeProvider.System)
        );
        services.AddSingleton<ConsumeTelemetry>();
        services.AddSingleton<ManageFleets>();
        services.AddSingleton<RateHistory>();
        services.AddSingleton<ReadLeaseEvents>();
        services.AddSingleton<ReadFleetUse>();
        services.AddSingleton<ReadLastTick>();
        services.AddSingleton<AuditBooks>();
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<RepairRecord>(provider, TimeProvider.System)
        );
        services.AddSingleton<LeaseInspection>();
        services.AddSingleton<ReconcileBooks>();
        services.AddSingleton<ReadSummary>();
        services.AddBilling();
        services.AddSingleton<WarmUpShard>();
        return services;
    }

    private static void AddLeases(this IServiceCollection services)
    {
        services.AddSingleton<LeaseStreams>();
        services.AddSingleton<CapacityLedgers>();
        services.AddSingleton<GrantMachines>();
        services.AddSingleton<PerformLeaseEffects>();
        services.AddSingleton<HandleLeaseCommand>();
        services.AddSingleton<CommandLeases>();
        services.AddSingleton<FleetOffers>();
        services.AddSingleton<RenewLease>();
        services.AddSingleton<TenantLimits>();
        services.AddSingleton<HoldLease>();
        services.AddSingleton<WakeLease>();
        services.AddSingleton<SweepLeases>();
        services.AddSingleton<RequestQuote>();
        services.AddSingleton<ReclaimCapacity>();
        services.AddSingleton<PlanReclaim>();
        services.AddSingleton<WarnLeases>();
    }

    /// <summary>The feeds' readers, webhooks among them.</summary>
    private static void AddEvents(this IServiceCollection services, WebhookOptions options)
    {
        services.AddSingleton<EventBell>();
        services.AddSingleton<ReadEvents>();
        services.AddSingleton<TrimEvents>();
        services.AddSingleton(new WebhookTargets(options));
        services.AddSingleton(new WebhookSecrets(options));
        services
            .AddHttpClient(nameof(WebhookSender), static client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider =>
                provider.GetRequiredService<WebhookTargets>().CreateHandler()
            )
            .RemoveAllLoggers(); // several lines an event; what fails is told to the webhook's owner
        services.AddSingleton(provider => new WebhookSender(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(WebhookSender)),
            provider.GetRequiredService<WebhookSecrets>(),
            TimeProvider.System
        ));
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<ManageWebhooks>(provider, TimeProvider.System)
        );
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<DeliverWebhooks>(provider, TimeProvider.System)
        );
    }

    /// <summary>Adapters that forget everything when the process ends.</summary>
    public static IServiceCollection AddMemoryStorage(this IServiceCollection services)
    {
        services.AddSingleton<IFleetDirectory, InMemoryFleetDirectory>();
        services.AddSingleton<ITelemetryInbox, InMemoryTelemetryInbox>();
        services.AddSingleton<ITelemetryQueue, InMemoryTelemetryQueue>();
        services.AddSingleton<IRequestLog, InMemoryRequestLog>();
        services.AddSingleton<IShardStore, InMemoryShardStore>();
        services.AddSingleton<IDisplacedBooks, InMemoryDisplacedBooks>();
        services.AddSingleton<ICapacityBooks, InMemoryCapacityBooks>();
        services.AddSingleton<ILeaseJournal, InMemoryLeaseJournal>();
        services.AddSingleton<IWakeups, InMemoryWakeups>();
        services.AddSingleton<ILeaseViews, InMemoryLeaseViews>();
        services.AddSingleton<IIdempotencyKeys, InMemoryIdempotencyKeys>();
        services.AddSingleton<IRefusals, InMemoryRefusals>();
        services.AddSingleton<IAuditLog, InMemoryAuditLog>();
        services.AddSingleton<ITenantHolds, InMemoryTenantHolds>();
        services.AddSingleton<IEventFeed, InMemoryEventFeed>();
        services.AddSingleton<IWebhooks, InMemoryWebhooks>();
        services.AddSingleton<IDeadLetters, InMemoryDeadLetters>();
        return services;
    }

    private static void AddBilling(this IServiceCollection services)
    {
        services.AddSingleton<ReadCharges>();
        services.AddSingleton<ReadDisplaced>();
        services.AddSingleton<ReadLedger>();
        services.AddSingleton<ReadFocusLines>();
        services.AddSingleton<CheckLedger>();
    }
}
