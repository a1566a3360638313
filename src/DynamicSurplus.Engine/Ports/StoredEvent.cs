namespace DynamicSurplus.Engine.Ports;

/// <summary>An event's envelope as its bytes: what its successor's hash covers.</summary>
public sealed record StoredEvent(long Version, ReadOnlyMemory<byte> Json);
