namespace DynamicSurplus.Engine.Ports;

/// <summary>A stored value and the version (ETag) that a conditional write must name.</summary>
public sealed record Versioned<T>(T Value, string Version);
