using DynamicSurplus.Engine.Steps;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>A lease in notice, as a <see cref="ReclaimWave"/> follows it.</summary>
/// <param name="Lease">The lease's id.</param>
/// <param name="Deadline">The forced end, UTC; null: the notice is still to be sent.</param>
public sealed record WaveNotice(string Lease, DateTimeOffset? Deadline)
{
    public static WaveNotice Of(ReclaimNotice notice) => new(notice.Lease.ToString(), notice.Deadline);
}
