using Azure.Messaging.ServiceBus;
using Azure.Monitor.OpenTelemetry.Exporter;
using DynamicSurplus.Api;
using DynamicSurplus.Api.Events;
using DynamicSurplus.Cloud;
using DynamicSurplus.Cloud.Tables;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Functions.Events;
using DynamicSurplus.Functions.Orchestrations;
using DynamicSurplus.Functions.Settings;
using DynamicSurplus.Functions.Triggers;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DynamicSurplus.Functions;

/// <summary>
/// The app's services: the engine and the API of every host, over Azure's storage, queues and orchestrations.
/// </summary>
public static class SurplusApp
{
    /// <summary>What the app, its engine, the platform and Azure's clients trace.</summary>
    private static readonly string[] Sources =
    [
        "DynamicSurplus.Functions",
        "Microsoft.Azure.Functions.Worker",
        "Microsoft.DurableTask",
        "Azure.*",
    ];

    /// <summary>Of an instance: what a person may look at, and a bill can bear. Metrics count everything.</summary>
    private const double TracesPerSecond = 5;

    public static IServiceCollection AddSurplusApp(this IServiceCollection services, SurplusSettings settings) =>
        services
            .AddSingleton(TimeProvider.System)
            .AddAzureStorage(settings.Storage.ToClients())
            .AddSurplusServices(settings);

    /// <summary>Makes what storage lacks, once before the app serves.</summary>
    /// <exception cref="InvalidSettingsException">The data were made with another number of shards.</exception>
    public static async Task PrepareStorageAsync(this IServiceProvider services)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (clients, wanted) = (
            services.GetRequiredService<StorageClients>(),
            services.GetRequiredService<EngineOptions>().ShardCount
        );
        await clients.EnsureCreatedAsync(patience.Token);
        var count = await new TableInstallation(clients).FixShardCountAsync(wanted, patience.Token);
        if (count != wanted)
        {
            throw new InvalidSettingsException([
                new(
                    "Surplus__ShardCount",
                    $"is {wanted}, and the data were made with {count}",
                    "set it back: where a fleet's rows lie follows from it, and the fleets would seem gone"
                ),
            ]);
        }
    }

    /// <summary>Beside a clock and storage adapters: tests have their own.</summary>
    public static IServiceCollection AddSurplusServices(this IServiceCollection services, SurplusSettings settings)
    {
        services.AddMetrics();
        services.AddDurable();
        services.AddEngine(settings.Engine, settings.Webhooks);
        services.AddPrometheus(settings.PrometheusClientId is { } client ? IdentityOf.Managed(client) : null);
        services.AddDynamicSurplusApi(settings.ApiKeys, entra: settings.Entra, limits: settings.Requests);
        services.AddEvents(settings);
        services.AddSingleton<HttpRoutes>();
        services.AddSingleton<ServiceBusTelemetry>();
        services.AddMonitor(settings);
        return services;
    }

    /// <summary>Orchestrations in front of the due table, and behind reclaims.</summary>
    private static void AddDurable(this IServiceCollection services)
    {
        var table = services.Last(service => service.ServiceType == typeof(IWakeups));
        services.Remove(table);
        services.AddSingleton<DurableClientScope>();
        services.AddSingleton<IWakeups>(provider =>
            ActivatorUtilities.CreateInstance<DurableWakeups>(
                provider,
                ActivatorUtilities.CreateInstance(provider, table.ImplementationType!)
            )
        );
        services.AddSingleton<DirectReclaims>();
        services.AddSingleton<IReclaimWaves, DurableReclaims>();
    }

    /// <summary>Behind the feed, which every installation has, the topic.</summary>
    private static void AddEvents(this IServiceCollection services, SurplusSettings settings)
    {
        if (settings is not { ServiceBus: { } bus, EventsTopic: { } topic })
        {
            return;
        }
        services.AddSingleton(_ => new ServiceBusClient(
            bus.FullyQualifiedNamespace,
            bus.Credential,
            ServiceBusEvents.ClientOptions()
        ));
        services.AddSingleton<IEventPublisher>(provider => new EventsInTurn(
            provider.GetRequiredService<FeedEvents>(),
            new ServiceBusEvents(provider.GetRequiredService<ServiceBusClient>().CreateSender(topic))
        ));
    }

    private static void AddMonitor(this IServiceCollection services, SurplusSettings settings)
    {
        if (settings.MonitorConnection is not { } connection)
        {
            return;
        }
        services
            .AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(EngineMetrics.MeterName).AddAzureMonitorMetricExporter(Configure))
            .WithTracing(traces =>
                traces.AddSource(Sources).AddHttpClientInstrumentation().AddAzureMonitorTraceExporter(Configure)
            )
            .WithLogging(logs => logs.AddAzureMonitorLogExporter(Configure));

        void Configure(AzureMonitorExporterOptions options)
        {
            options.ConnectionString = connection;
            options.TracesPerSecond = TracesPerSecond;
            options.EnableTraceBasedLogsSampler = false; // runbooks look for log lines: no trace's luck takes them away
            options.Credential = settings.MonitorClientId is { } client ? IdentityOf.Managed(client) : null;
        }
    }
}
