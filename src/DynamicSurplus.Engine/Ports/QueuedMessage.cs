namespace DynamicSurplus.Engine.Ports;

/// <summary>A received message. <paramref name="DequeueCount"/> is 1 at the first delivery.</summary>
public sealed record QueuedMessage(string Id, string Receipt, int DequeueCount, ReadOnlyMemory<byte> Body);
