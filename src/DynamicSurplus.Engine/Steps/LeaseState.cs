using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A lease as its journal tells it, and what is still to be done for it.</summary>
/// <param name="Events">All of them, in order: the event of version v has index v − 1.</param>
/// <param name="LastHash">Of the last event as stored.</param>
public sealed record LeaseState(
    Lease Lease,
    IReadOnlyList<LeaseEventEnvelope> Events,
    string LastHash,
    IReadOnlyList<Outstanding> Pending
)
{
    /// <summary>Before its first event.</summary>
    public static LeaseState New(LeaseId id) => new(Lease.None(id), [], LeaseEventEnvelope.NoHash, []);

    public LeaseState Without(IReadOnlyList<Outstanding> done) =>
        done.Count == 0 ? this : this with { Pending = [.. Pending.Except(done)] };
}
