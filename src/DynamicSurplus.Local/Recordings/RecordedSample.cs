using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Local.Recordings;

/// <summary>A sample and the line of its file, from 1.</summary>
public readonly record struct RecordedSample(long Line, Sample Sample);
