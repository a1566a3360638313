namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// An effect still to be done, known by the event that asked for it and its place among that event's effects.
/// </summary>
public sealed record PendingEffect(long Version, int Index, ReadOnlyMemory<byte> Json);
