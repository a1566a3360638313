namespace DynamicSurplus.Api;

/// <summary>Real time, beside the engine's: keys run out by it, and requests live by it.</summary>
public sealed record WallClock(TimeProvider Time);
