namespace DynamicSurplus.Engine.Steps;

/// <summary>What became of a hold.</summary>
/// <param name="Reserve">Whether its GPUs are reserved.</param>
/// <param name="Lease">What the lease answered; null where nothing was reserved.</param>
public sealed record HoldOutcome(ReserveOutcome Reserve, LeaseOutcome? Lease);
