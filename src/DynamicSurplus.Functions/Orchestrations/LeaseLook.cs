namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>What looking at a lease found.</summary>
/// <param name="Next">When to look again, UTC; null: never, the lease is over.</param>
public sealed record LeaseLook(DateTimeOffset? Next);
