using DynamicSurplus.Api.Auditing;
using DynamicSurplus.Api.Billing;
using DynamicSurplus.Api.Events;
using DynamicSurplus.Api.Fleets;
using DynamicSurplus.Api.Health;
using DynamicSurplus.Api.Leases;
using DynamicSurplus.Api.Rates;
using DynamicSurplus.Api.Summaries;
using DynamicSurplus.Api.Telemetry;
using DynamicSurplus.Api.Webhooks;

namespace DynamicSurplus.Api;

/// <summary>The handlers of all routes, by what they are about.</summary>
public sealed record ApiEndpoints(
    FleetEndpoints Fleets,
    ReclaimEndpoints Reclaims,
    TelemetryEndpoints Telemetry,
    RateEndpoints Rates,
    QuoteEndpoints Quotes,
    LeaseEndpoints Leases,
    LeaseChangeEndpoints LeaseChanges,
    SummaryEndpoints Summary,
    HealthEndpoints Health,
    AuditEndpoints Audit,
    BillingEndpoints Billing,
    EventEndpoints Events,
    WebhookEndpoints Webhooks
);
