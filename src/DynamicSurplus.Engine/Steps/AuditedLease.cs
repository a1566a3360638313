using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A lease whose stream holds, and all that it ever was: that of version v at index v.</summary>
/// <param name="Hashes">Of the events as stored; the one at index 0 is that of no event.</param>
/// <param name="Asked">The effects that each event asks for.</param>
/// <param name="Pending">Those not done yet, in order of (version, index).</param>
/// <param name="Notices">Of reclaims that came to their end.</param>
internal sealed record AuditedLease(
    IReadOnlyList<Lease> States,
    IReadOnlyList<string> Hashes,
    IReadOnlyList<IReadOnlyList<LeaseEffect>> Asked,
    IReadOnlyList<(long Version, LeaseEffect Effect)> Pending,
    IReadOnlyList<NoticeKept> Notices
)
{
    public Lease Lease => States[^1];

    /// <summary>
    /// The version whose effect of a kind was the last to be done, as far as the journal knows: one that is pending may
    /// have been done too, and so may those after it.
    /// </summary>
    /// <returns>Null where none was asked for, or the first is pending.</returns>
    public long? LastDone<TEffect>()
        where TEffect : LeaseEffect
    {
        var pending = Pending.Where(p => p.Effect is TEffect).Select(p => p.Version).ToHashSet();
        for (var version = Asked.Count - 1; version > 0; version--)
        {
            if (Asked[version].Any(effect => effect is TEffect) && !pending.Contains(version))
            {
                return version;
            }
        }
        return null;
    }
}
