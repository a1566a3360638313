using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>A request as the demand estimate counts it.</summary>
/// <param name="Tick">In which it came.</param>
/// <param name="Key">Hash of tenant and request id, hex: what makes it count once.</param>
/// <param name="OfferedGpuTicks">GPUs × term / tick; 0 where its maxRate was below the posted rate of its tier.</param>
/// <param name="Tenant">Whose it is: one tenant counts for a share of the fleet at most.</param>
public sealed record SeenRequest(Tick Tick, string Key, FleetId Fleet, double OfferedGpuTicks, TenantId Tenant);
