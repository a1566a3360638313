using DynamicSurplus.Api.Access;
using DynamicSurplus.Api.Auditing;
using DynamicSurplus.Api.Billing;
using DynamicSurplus.Api.Events;
using DynamicSurplus.Api.Fleets;
using DynamicSurplus.Api.Health;
using DynamicSurplus.Api.Leases;
using DynamicSurplus.Api.Rates;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Summaries;
using DynamicSurplus.Api.Telemetry;
using DynamicSurplus.Api.Webhooks;
using DynamicSurplus.Engine.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Api;

/// <summary>What a host calls to serve the API.</summary>
public static class ApiMapping
{
    /// <summary>
    /// Beside the engine's services. The host adds what else tells callers, if anything does; events go to the feed,
    /// in place of whatever took them before.
    /// </summary>
    /// <param name="keys">API keys that are accepted; none: no API key is.</param>
    /// <param name="wallClock">Real time, whatever speed the engine's clock has; null: the system's.</param>
    /// <param name="entra">Whose tokens are accepted beside the keys; null: no token is.</param>
    /// <param name="limits">What callers may ask of this instance; null: the defaults.</param>
    /// <exception cref="ArgumentException">A key cannot be used.</exception>
    /// <exception cref="FormatException">The identity provider's options cannot be used.</exception>
    public static IServiceCollection AddDynamicSurplusApi(
        this IServiceCollection services,
        IEnumerable<ApiKey> keys,
        TimeProvider? wallClock = null,
        EntraOptions? entra = null,
        RequestLimits? limits = null
    )
    {
        var wall = new WallClock(wallClock ?? TimeProvider.System);
        services.AddSingleton(wall);
        if (entra is not null)
        {
            services.AddEntra(entra, wall);
        }
        services.AddSingleton<ICallerSource>(new ApiKeys(keys, wall.Time));
        services.AddSingleton<FleetEndpoints>();
        services.AddSingleton<TelemetryEndpoints>();
        services.AddSingleton<RateEndpoints>();
        services.AddSingleton<QuoteEndpoints>();
        services.AddSingleton<LeaseAccess>();
        services.AddSingleton<LeaseEndpoints>();
        services.AddSingleton<LeaseChangeEndpoints>();
        services.AddSingleton<ReclaimEndpoints>();
        services.AddSingleton<SummaryEndpoints>();
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<AuditEndpoints>();
        services.AddSingleton<BillingEndpoints>();
        services.AddSingleton<EventEndpoints>();
        services.AddSingleton<WebhookEndpoints>();
        services.AddSingleton<FeedEvents>();
        services.Replace(ServiceDescriptor.Singleton<IEventPublisher>(Feed));
        services.AddSingleton<ApiEndpoints>();
        services.AddSingleton(_ => new RequestMeter(limits ?? new()));
        services.AddSingleton<OnceOnly>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<ApiPipeline>();
        return services;
    }

    /// <summary>The host can keep connections open: events are streamed to who asks for it.</summary>
    public static IServiceCollection AddEventStreams(this IServiceCollection services) =>
        services.AddSingleton<EventStreams>();

    /// <summary>All routes; whatever else is asked for is a problem too, not an empty page.</summary>
    public static void MapDynamicSurplus(this IEndpointRouteBuilder endpoints)
    {
        var pipeline = endpoints.ServiceProvider.GetRequiredService<ApiPipeline>();
        foreach (var route in ApiRoutes.All)
        {
            endpoints.MapMethods(route.Pattern, route.Methods, http => ServeAsync(pipeline, route, http));
        }
        endpoints.MapFallback("/{**path}", http => ServeUnknownAsync(pipeline, http));
    }

    private static FeedEvents Feed(IServiceProvider provider) => provider.GetRequiredService<FeedEvents>();

    private static void AddEntra(this IServiceCollection services, EntraOptions options, WallClock wall)
    {
        options.ThrowIfInvalid();
        services.AddHttpClient(
            ProviderKeys.ClientName,
            static client => client.MaxResponseContentBufferSize = ProviderKeys.MaxDocumentBytes
        );
        services.AddSingleton<ICallerSource>(provider => new EntraTokens(
            options,
            provider.GetRequiredService<IHttpClientFactory>(),
            wall.Time,
            provider.GetRequiredService<ILogger<EntraTokens>>()
        ));
    }

    private static async Task ServeAsync(ApiPipeline pipeline, ApiRoute route, HttpContext http)
    {
        var answer = await pipeline.RunAsync(route, http);
        await answer.ExecuteAsync(http);
    }

    private static async Task ServeUnknownAsync(ApiPipeline pipeline, HttpContext http)
    {
        var answer = await pipeline.RunUnknownAsync(http);
        await answer.ExecuteAsync(http);
    }
}
