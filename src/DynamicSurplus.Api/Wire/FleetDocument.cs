using System.Text.Json;
using DynamicSurplus.Fleets;

namespace DynamicSurplus.Api.Wire;

/// <summary>A fleet as its operator writes and reads it. What is read may be sent back as it is.</summary>
/// <param name="Id">May be left out when sent; else equal to the address.</param>
/// <param name="Pool">Default <c>default</c>.</param>
/// <param name="Team">Default <c>default</c>.</param>
/// <param name="Telemetry">Where its telemetry is pulled from; left out: it is sent.</param>
/// <param name="Status">What the engine says of the fleet; passed over when sent.</param>
public sealed record FleetDocument(
    string? Id = null,
    string? Region = null,
    string? Sku = null,
    string? Pool = null,
    string? Team = null,
    AttributesDocument? Attributes = null,
    PolicyDocument? Policy = null,
    PowerDocument? Power = null,
    ProvisionerDocument? Provisioner = null,
    bool? DemandIncludesLeased = null,
    TelemetryDocument? Telemetry = null,
    JsonElement? Status = null
)
{
    public static FleetDocument Of(Fleet fleet, JsonElement? status) =>
        new(
            fleet.Id.ToString(),
            fleet.Region,
            fleet.Sku,
            fleet.Pool,
            fleet.Team,
            AttributesDocument.Of(fleet.Attributes),
            PolicyDocument.Of(fleet.Policy),
            fleet.Power is { } power ? new(power.BudgetWatts, power.WattsPerGpu) : null,
            fleet.Provisioner is { } provisioner ? new(provisioner.Webhook) : null,
            fleet.DemandIncludesLeased,
            fleet.Telemetry is { } telemetry ? new(PrometheusDocument.Of(telemetry)) : null,
            status
        );
}
