namespace DynamicSurplus.Engine.Steps;

/// <summary>What a pass over a shard's books looked at, and what it repaired.</summary>
/// <param name="Fleets">Books that were held against their reservations.</param>
/// <param name="Leases">Live ones, and tombstones, that were held against their journals.</param>
/// <param name="Repairs">None where everything agreed.</param>
public sealed record ReconcileReport(int Fleets, int Leases, IReadOnlyList<Repair> Repairs);
