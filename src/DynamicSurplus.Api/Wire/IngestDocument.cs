using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Api.Wire;

/// <summary>What became of a body of telemetry.</summary>
/// <param name="Refused">In order of position; the first 1,000.</param>
public sealed record IngestDocument(int Accepted, int RefusedCount, IReadOnlyList<SampleRefusal> Refused);
