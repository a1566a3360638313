namespace DynamicSurplus.Engine.Ports;

/// <param name="Answer">Null while in flight.</param>
public sealed record IdempotencyClaim(string BodyHash, StoredAnswer? Answer);
