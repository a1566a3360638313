namespace DynamicSurplus.Leasing;

/// <summary>GPUs to take from one candidate.</summary>
/// <param name="Index">The candidate's place among those it was chosen from.</param>
/// <param name="Gpus">All of its GPUs, or, from one candidate at most, fewer.</param>
public readonly record struct ReclaimPart(int Index, int Gpus);
