namespace DynamicSurplus.Engine.Steps;

/// <summary>What a fleet has and needs at a tick, GPUs.</summary>
/// <param name="Wall">The enforced wall, 1 where none is.</param>
/// <param name="CapacityBefore">At the tick before: tells lost capacity from returned demand.</param>
public readonly record struct Shortage(double Capacity, double Demand, double Wall, double CapacityBefore);
