namespace DynamicSurplus.Engine.Ports;

/// <summary>A message that was given up, and why.</summary>
public sealed record PoisonMessage(string Reason, ReadOnlyMemory<byte> Body);
