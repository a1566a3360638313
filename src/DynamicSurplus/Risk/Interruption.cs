namespace DynamicSurplus.Risk;

/// <summary>How likely a spot lease is to be reclaimed: what a customer sees before leasing.</summary>
public static class Interruption
{
    /// <summary>
    /// A fleet begins as if 20 interruptions had been observed where 10 were predicted: few of its own change little.
    /// </summary>
    private const double ObservedPrior = 20;

    private const double PredictedPrior = 10;

    /// <summary>Probability of a reclaim within 60 ticks of the lease's admission, [0, 1].</summary>
    /// <param name="histogram">16 weights of past scores.</param>
    /// <param name="weight">Their sum.</param>
    /// <param name="free">Free after the lease, share of capacity; may be negative.</param>
    /// <param name="leasedSpot">Leased spot GPUs after the lease, share of capacity.</param>
    /// <param name="hazard">How many times as many interruptions happen as predicted, above 0.</param>
    public static double PerHorizon(
        ReadOnlySpan<double> histogram,
        double weight,
        double free,
        double leasedSpot,
        double hazard
    )
    {
        if (leasedSpot <= 0 || weight <= 0)
        {
            return 0.0;
        }
        var room = Math.Max(0.0, free);
        var reclaimed = 0.0;
        for (var bin = 0; bin < RiskHistogram.Bins; bin++)
        {
            reclaimed += histogram[bin] * Math.Clamp((RiskHistogram.Edges[bin] - room) / leasedSpot, 0.0, 1.0);
        }
        return 1 - Math.Pow(1 - Math.Min(1.0, reclaimed / weight), hazard);
    }

    /// <summary>The same over a term of that many ticks: 1 − (1 − P)^(term / 60).</summary>
    public static double PerTerm(double perHorizon, double termTicks) =>
        1 - Math.Pow(1 - perHorizon, termTicks / RiskBlock.HorizonTicks);

    /// <summary>
    /// Observed over predicted interruptions of a fleet, drawn toward 2 while there are few: (observed + 20) /
    /// (predicted + 10).
    /// </summary>
    /// <param name="observed">Spot leases reclaimed within 60 ticks of their admission.</param>
    /// <param name="predicted">Sum of the probabilities that were shown.</param>
    public static double Hazard(long observed, double predicted) =>
        (observed + ObservedPrior) / (predicted + PredictedPrior);

    /// <summary>The band of a probability in [0, 1].</summary>
    public static InterruptionBand Band(double probability) =>
        probability switch
        {
            < 0.05 => InterruptionBand.Below5Percent,
            < 0.10 => InterruptionBand.From5To10Percent,
            < 0.15 => InterruptionBand.From10To15Percent,
            <= 0.20 => InterruptionBand.From15To20Percent,
            _ => InterruptionBand.Above20Percent,
        };
}
