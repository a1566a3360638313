namespace DynamicSurplus.Api.Wire;

/// <param name="Status">
/// <c>live</c>, <c>ready</c>, or <c>degraded</c>: ready, with fleets that take no new leases.
/// </param>
/// <param name="Tick">The latest that was priced; null: none yet.</param>
/// <param name="StaleFleets">With telemetry too old for new leases.</param>
public sealed record HealthDocument(
    string Status,
    DateTimeOffset? Tick = null,
    int? Fleets = null,
    int? StaleFleets = null
);
