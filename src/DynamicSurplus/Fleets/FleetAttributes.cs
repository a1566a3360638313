namespace DynamicSurplus.Fleets;

/// <summary>
/// What a customer may ask for beside SKU and region. Null: the operator states nothing, and no constraint matches.
/// </summary>
/// <param name="Interconnect">
/// Between the fleet's GPUs, such as <c>nvlink</c>, <c>infiniband</c>, <c>ethernet</c>.
/// </param>
/// <param name="Orchestration">How work reaches the GPUs, such as <c>slurm</c>, <c>kubernetes</c>, <c>ssh</c>.</param>
/// <param name="Residency">Where data may not leave, such as <c>eu</c>.</param>
public sealed record FleetAttributes(
    string? Interconnect = null,
    string? Orchestration = null,
    string? Residency = null,
    WorkloadClass WorkloadClass = WorkloadClass.Model
);
