namespace DynamicSurplus.Telemetry;

/// <summary>A sample that does not count, and why.</summary>
/// <param name="Position">In its batch, from 0; an NDJSON line or array element.</param>
/// <param name="Fleet">As the sample named it, cut to 63 characters; empty where it named none.</param>
public sealed record SampleRefusal(int Position, string Fleet, string Field, string Problem, string Fix);
