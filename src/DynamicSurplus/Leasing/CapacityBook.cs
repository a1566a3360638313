using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// What a fleet has sold, in whole GPUs: the sums over its live reservations. Changed only together with the
/// reservation row, in one transaction, by compare-and-set.
/// </summary>
/// <param name="LongFirm">Active and held firm GPUs whose terms pass the horizon; part of the firm counts.</param>
/// <param name="PredictedInterruptions">Sum of the probabilities shown to spot leases when they became active.</param>
/// <param name="ObservedInterruptions">How many of those were reclaimed within 60 ticks of their admission.</param>
/// <param name="Kept">
/// GPUs that a reclaim freed: on nobody's books, and not on sale until <paramref name="KeptUntil"/>.
/// </param>
/// <param name="KeptUntil">By then telemetry and a tick show what became of them; null: none are kept.</param>
public sealed record CapacityBook(
    FleetId Fleet,
    int ActiveFirm = 0,
    int HeldFirm = 0,
    int ActiveSpot = 0,
    int HeldSpot = 0,
    int InNotice = 0,
    int LongFirm = 0,
    double PredictedInterruptions = 0,
    long ObservedInterruptions = 0,
    int Kept = 0,
    DateTimeOffset? KeptUntil = null
)
{
    /// <summary>GPUs of live leases and quotes.</summary>
    public int Taken => ActiveFirm + HeldFirm + ActiveSpot + HeldSpot + InNotice;

    /// <summary>GPUs with customers' work on them: in notice ones too, until their forced end.</summary>
    public int Leased => ActiveFirm + ActiveSpot + InNotice;

    /// <summary>The book once GPUs that were kept long enough are on sale again.</summary>
    public CapacityBook At(DateTimeOffset now) => KeptUntil <= now ? this with { Kept = 0, KeptUntil = null } : this;
}
