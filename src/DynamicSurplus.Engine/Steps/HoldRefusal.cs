namespace DynamicSurplus.Engine.Steps;

/// <summary>A hold that its tenant's limit has no room for.</summary>
/// <param name="Limit">Which one.</param>
/// <param name="Most">What the limit allows.</param>
/// <param name="Taken">What live quotes take of it now.</param>
/// <param name="FreesAt">
/// When there is room, if nothing is accepted or given up before; null: never, for the hold alone is past the limit.
/// </param>
public sealed record HoldRefusal(HoldLimit Limit, int Most, int Taken, DateTimeOffset? FreesAt);
