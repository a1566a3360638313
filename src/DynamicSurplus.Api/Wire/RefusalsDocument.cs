using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Api.Wire;

/// <summary>Samples of a fleet that did not count.</summary>
/// <param name="Count">Since the fleet's name was first used.</param>
/// <param name="Latest">Latest first, at most 100.</param>
public sealed record RefusalsDocument(long Count, IReadOnlyList<SampleRefusal> Latest);
