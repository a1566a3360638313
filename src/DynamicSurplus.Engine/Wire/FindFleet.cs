using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Wire;

/// <summary>Looks a fleet up by the bytes of its id, so that reading telemetry makes no string of it.</summary>
/// <param name="shard">Of the fleet, 0 to the shard count − 1.</param>
/// <returns>False where no such fleet is registered; whatever the bytes are, nothing is thrown.</returns>
public delegate bool FindFleet(ReadOnlySpan<byte> utf8Id, out FleetId fleet, out int shard);
