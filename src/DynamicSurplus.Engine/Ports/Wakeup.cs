using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

public sealed record Wakeup(LeaseId Lease, DateTimeOffset At);
