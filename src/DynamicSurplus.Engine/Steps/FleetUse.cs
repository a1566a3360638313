using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What a fleet's GPUs did since it began, GPU-seconds.</summary>
/// <param name="ServedGpuSeconds">Internal work that ran.</param>
/// <param name="DisplacedGpuSeconds">Internal demand past the enforced wall.</param>
/// <param name="FirmOverrunSeconds">Time with protected demand and leased firm GPUs above capacity.</param>
/// <param name="CapacityGpus">At the latest tick.</param>
/// <param name="MeanCapacityGpus">Over the ticks of <paramref name="MeanFreeGpus"/>.</param>
/// <param name="MeanFreeGpus">
/// Mean of what internal demand left free since the fleet began, its warm-up included.
/// </param>
/// <param name="DisplacedCost">At each tick's spot rate: what the owning team is booked.</param>
public sealed record FleetUse(
    FleetId Fleet,
    double CapacityGpuSeconds,
    double DemandGpuSeconds,
    double ServedGpuSeconds,
    double LeasedGpuSeconds,
    double DisplacedGpuSeconds,
    double FirmOverrunSeconds,
    double CapacityGpus,
    double MeanCapacityGpus,
    double MeanFreeGpus,
    MicroUsd DisplacedCost
)
{
    public double IdleGpuSeconds => Math.Max(0, CapacityGpuSeconds - ServedGpuSeconds - LeasedGpuSeconds);

    public static FleetUse Of(ShardState state, int place)
    {
        return new(
            state.Index.Fleets[place],
            state.Own.CapacityGpuSeconds[place],
            state.Own.DemandGpuSeconds[place],
            state.Own.ServedGpuSeconds[place],
            state.Own.LeasedGpuSeconds[place],
            state.Own.DisplacedGpuSeconds[place],
            state.Own.FirmOverrunSeconds[place],
            state.Pricing.Capacity[place],
            Mean(state.Own.CapacitySum[place]),
            Mean(state.Own.FreeSum[place]),
            new(state.Own.DisplacedMicroUsd[place])
        );

        double Mean(double sum) => state.Own.FreeTicks[place] == 0 ? 0 : sum / state.Own.FreeTicks[place];
    }
}
