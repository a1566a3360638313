namespace DynamicSurplus.Engine.Ports;

/// <summary>An HTTP answer as it was first given.</summary>
public sealed record StoredAnswer(int Status, string ContentType, string? Location, ReadOnlyMemory<byte> Body);
