using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What a fleet's GPUs did since it began, GPU-seconds.</summary>
/// <param name="ServedGpuSeconds">Internal work that ran.</param>
/// <param name="DisplacedGpuSeconds">Internal demand past the enforced wall.</param>
/// <param name="FirmOverrunSeconds">Time with protected demand and leased firm GPUs above capacity.</param>
public sealed record FleetUse(
    FleetId Fleet,
    double CapacityGpuSeconds,
    double DemandGpuSeconds,
    double ServedGpuSeconds,
    double LeasedGpuSeconds,
    double DisplacedGpuSeconds,
    double FirmOverrunSeconds
)
{
    public double IdleGpuSeconds => Math.Max(0, CapacityGpuSeconds - ServedGpuSeconds - LeasedGpuSeconds);

    public static FleetUse Of(ShardState state, int place) =>
        new(
            state.Index.Fleets[place],
            state.Own.CapacityGpuSeconds[place],
            state.Own.DemandGpuSeconds[place],
            state.Own.ServedGpuSeconds[place],
            state.Own.LeasedGpuSeconds[place],
            state.Own.DisplacedGpuSeconds[place],
            state.Own.FirmOverrunSeconds[place]
        );
}
