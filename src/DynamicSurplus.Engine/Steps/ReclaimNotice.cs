using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A lease whose GPUs are being taken back.</summary>
/// <param name="Deadline">The forced end, never before sent + notice; null: the notice is still to be sent.</param>
public sealed record ReclaimNotice(LeaseId Lease, DateTimeOffset? Deadline);
