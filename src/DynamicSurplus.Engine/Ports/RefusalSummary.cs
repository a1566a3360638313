using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Engine.Ports;

public sealed record RefusalSummary(long Count, IReadOnlyList<SampleRefusal> Latest);
