namespace DynamicSurplus.Engine.Steps;

/// <summary>What became of a hold that was to be counted.</summary>
/// <param name="IsNew">It was not counted before, by an earlier try of the same request.</param>
/// <param name="Refusal">Null: it is counted.</param>
public sealed record HoldTaking(bool IsNew, HoldRefusal? Refusal);
