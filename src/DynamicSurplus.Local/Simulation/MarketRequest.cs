using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Simulation;

/// <summary>A synthetic customer's wish for GPUs of one fleet.</summary>
/// <param name="Gpus">1 or more.</param>
/// <param name="Term">Whole ticks.</param>
/// <param name="MaxRate">
/// Most that it pays for a GPU-hour, in units of the fleet's ceiling: (0, 1], firm (0, 1.25].
/// </param>
public readonly record struct MarketRequest(LeaseTier Tier, int Gpus, TimeSpan Term, double MaxRate)
{
    /// <summary>
    /// The bound in USD, cut to the step below: no rate in steps is let through or kept out by it. No rate passes the
    /// ceiling.
    /// </summary>
    public Rate MaxRateUnder(Rate ceiling) => Rate.FromSteps((int)Math.Floor(Math.Min(MaxRate, 1.0) * ceiling.Steps));
}
