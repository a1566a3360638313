namespace DynamicSurplus.Engine.Steps;

/// <summary>What became of the fleets that declare a source.</summary>
/// <param name="Pulled">Fleets whose sample went to the inbox.</param>
/// <param name="Failed">Fleets that gave none, or one that does not count; each fleet's refusals say why.</param>
public sealed record PullResult(int Pulled, int Failed);
