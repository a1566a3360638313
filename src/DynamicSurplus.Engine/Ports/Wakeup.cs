using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <param name="Fleet">Where the lease's GPUs are reserved: found even where the lease's stream never began.</param>
public sealed record Wakeup(LeaseId Lease, FleetId Fleet, DateTimeOffset At);
