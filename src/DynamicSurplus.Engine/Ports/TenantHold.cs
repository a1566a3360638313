using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>What one quote keeps from others until it is accepted, given up or lapsed.</summary>
/// <param name="Until">
/// When it lapses, in whole milliseconds: from then on it counts no more, whatever became of who should have said so.
/// </param>
public sealed record TenantHold(LeaseId Lease, int Gpus, DateTimeOffset Until);
