using DynamicSurplus.Fleets;

namespace DynamicSurplus.Api.Wire;

/// <param name="WorkloadClass">Default model.</param>
public sealed record AttributesDocument(
    string? Interconnect = null,
    string? Orchestration = null,
    string? Residency = null,
    WorkloadClass? WorkloadClass = null
)
{
    public static AttributesDocument Of(FleetAttributes attributes) =>
        new(attributes.Interconnect, attributes.Orchestration, attributes.Residency, attributes.WorkloadClass);
}
