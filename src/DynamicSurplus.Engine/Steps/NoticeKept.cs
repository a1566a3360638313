using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// The notice that a reclaimed lease was promised, and the time between its sending and the forced end.
/// </summary>
public readonly record struct NoticeKept(TimeSpan Promised, TimeSpan Given)
{
    public bool IsKept => Given >= Promised;

    /// <summary>Null where the lease was not ended by a reclaim.</summary>
    public static NoticeKept? Of(Lease lease) =>
        lease is { EndReason: EndReason.Reclaimed, EndedAt: { } ended, NoticeSentAt: { } sent }
            ? new(lease.Terms!.Notice, ended - sent)
            : null;
}
