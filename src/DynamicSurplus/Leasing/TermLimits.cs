using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>The terms that a fleet leases a tier for, both ends included.</summary>
/// <remarks>
/// Firm: up to the horizon of 60 ticks, for which the margin answers. Beyond it a firm lease is long-term: only where
/// the wall is enforced, within what the wall always leaves, and no longer than a spot lease may be. A least term above
/// the horizon leaves a firm lease the horizon itself.
/// </remarks>
public sealed record TermLimits(TimeSpan Least, TimeSpan Most)
{
    /// <summary>
    /// How far ahead the margin answers for a firm lease, and an interruption is predicted for a spot lease.
    /// </summary>
    public const int HorizonTicks = 60;

    public static TimeSpan Horizon(TickLength tickLength) => HorizonTicks * tickLength.Span;

    public static TermLimits Of(FleetPolicy policy, LeaseTier tier, TickLength tickLength)
    {
        var least = TimeSpan.FromSeconds(policy.TermMinSeconds);
        var most = TimeSpan.FromSeconds(policy.SpotTermMaxSeconds);
        if (tier == LeaseTier.Spot)
        {
            return new(least, most);
        }
        var horizon = Horizon(tickLength);
        return new(least < horizon ? least : horizon, policy.WallEnforced && most > horizon ? most : horizon);
    }

    public bool Allow(TimeSpan term) => term >= Least && term <= Most;

    /// <summary>The allowed term that is nearest to a wish.</summary>
    public TimeSpan Nearest(TimeSpan term) =>
        term < Least ? Least
        : term > Most ? Most
        : term;

    public static bool IsLongTerm(LeaseTier tier, TimeSpan term, TickLength tickLength) =>
        tier == LeaseTier.Firm && term > Horizon(tickLength);
}
