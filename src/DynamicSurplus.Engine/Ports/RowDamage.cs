namespace DynamicSurplus.Engine.Ports;

/// <summary>A stored row that is not what was written.</summary>
/// <param name="Version">Of the event that it holds, or whose effect; null where its key does not tell.</param>
/// <param name="What">Which row, and what is wrong with it.</param>
public sealed record RowDamage(long? Version, string What);
