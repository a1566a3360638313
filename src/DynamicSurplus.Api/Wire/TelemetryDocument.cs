namespace DynamicSurplus.Api.Wire;

/// <summary>Where a fleet's telemetry is pulled from.</summary>
public sealed record TelemetryDocument(PrometheusDocument? Prometheus = null);
