using DynamicSurplus.Measures;
using DynamicSurplus.Risk;

namespace DynamicSurplus.Pricing;

/// <summary>One fleet's line in a rate book. GPUs are real numbers; what is on sale is whole.</summary>
/// <param name="Tick">That set it.</param>
/// <param name="Spot">The fleet's posted rate.</param>
/// <param name="Firm">The firm tier's rate, at most the ceiling.</param>
/// <param name="Capacity">GPUs that can run now.</param>
/// <param name="ProtectedDemand">Internal demand that the fleet serves.</param>
/// <param name="Running">
/// Internal GPUs in use as last seen; leased ones subtracted where the source counts them.
/// </param>
/// <param name="FirmSlice">GPUs leaseable as firm at the owner's risk.</param>
/// <param name="TotalSlice">GPUs leaseable at all, firm included.</param>
/// <param name="Always">What the enforced wall leaves whatever demand does.</param>
/// <param name="TelemetryAt">Time of the newest sample; null before the first.</param>
/// <param name="Frozen">Rate and demand estimate stand still: stale telemetry, paused, or no capacity.</param>
/// <param name="Stale">Telemetry is too old for a new lease.</param>
/// <param name="Leased">GPUs with customers' work on them when the tick ran.</param>
/// <param name="Scores">
/// Shares of the risk model's blocks by bin of their score, 16; summing to 1, or all 0 before the first.
/// </param>
/// <param name="Hazard">Observed over predicted interruptions, smoothed.</param>
public readonly record struct RateEntry(
    FleetId Fleet,
    Tick Tick,
    Rate Spot,
    Rate Firm,
    double Capacity,
    double ProtectedDemand,
    double Running,
    double FirmSlice,
    double TotalSlice,
    double Always,
    DateTimeOffset? TelemetryAt,
    bool Frozen,
    bool Stale,
    int Leased,
    ReadOnlyMemory<float> Scores,
    double Hazard
)
{
    public const int Bins = RiskHistogram.Bins;

    public SurplusSlice Slice => new(FirmSlice, TotalSlice, Always);

    /// <summary>Probability that a spot lease is reclaimed within 60 ticks of its admission.</summary>
    /// <param name="free">Free after the lease, share of capacity.</param>
    /// <param name="leasedSpot">Leased spot GPUs after the lease, share of capacity.</param>
    /// <param name="hazard">Observed over predicted interruptions.</param>
    public double Interruption(double free, double leasedSpot, double hazard)
    {
        Span<double> histogram = stackalloc double[Bins];
        var weight = 0.0;
        for (var bin = 0; bin < Scores.Length; bin++)
        {
            histogram[bin] = Scores.Span[bin];
            weight += histogram[bin];
        }
        return Risk.Interruption.PerHorizon(histogram, weight, free, leasedSpot, hazard);
    }
}
