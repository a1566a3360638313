using DynamicSurplus.Measures;

namespace DynamicSurplus.Pricing;

/// <summary>What a tenant has counted for on a fleet and not yet worked off.</summary>
/// <param name="GpuTicks">As of <paramref name="Tick"/>.</param>
public readonly record struct TenantLoad(double GpuTicks, Tick Tick);
