namespace DynamicSurplus.Engine.Steps;

/// <summary>A contradiction that was found, and what became of it.</summary>
/// <param name="Target">What was wrong, as the API addresses it: <c>/v1/fleets/…</c> or <c>/v1/leases/…</c>.</param>
/// <param name="Detail">What was found and what it should be, in words.</param>
/// <param name="IsDone">
/// False: somebody else changed it meanwhile, or the repair failed; the next pass looks again.
/// </param>
public sealed record Repair(RepairKind Kind, string Target, string Detail, bool IsDone);
