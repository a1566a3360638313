using DynamicSurplus.Engine.Steps;

namespace DynamicSurplus.Api.Wire;

/// <summary>What GPUs did, in GPU-hours.</summary>
/// <param name="Fleet">Null: all fleets together.</param>
/// <param name="DemandGpuHours">Internal, waiting jobs included.</param>
/// <param name="ServedGpuHours">Internal work that ran.</param>
/// <param name="DisplacedGpuHours">Internal demand past an enforced wall.</param>
/// <param name="FirmOverrunSeconds">Time with too few GPUs for internal demand and firm leases.</param>
/// <param name="DisplacedCost">Of displaced demand, at each tick's spot rate: booked to the owning team.</param>
public sealed record FleetUseDocument(
    string? Fleet,
    double CapacityGpuHours,
    double DemandGpuHours,
    double ServedGpuHours,
    double LeasedGpuHours,
    double IdleGpuHours,
    double DisplacedGpuHours,
    double FirmOverrunSeconds,
    Money DisplacedCost
)
{
    private const double SecondsPerHour = 3600;

    public static FleetUseDocument Of(FleetUse use) => Sum([use]) with { Fleet = use.Fleet.ToString() };

    public static FleetUseDocument Sum(IReadOnlyList<FleetUse> fleets)
    {
        return new(
            null,
            Hours(use => use.CapacityGpuSeconds),
            Hours(use => use.DemandGpuSeconds),
            Hours(use => use.ServedGpuSeconds),
            Hours(use => use.LeasedGpuSeconds),
            Hours(use => use.IdleGpuSeconds),
            Hours(use => use.DisplacedGpuSeconds),
            fleets.Sum(use => use.FirmOverrunSeconds),
            Money.Total(new(fleets.Sum(use => use.DisplacedCost.Value)))
        );

        double Hours(Func<FleetUse, double> gpuSeconds) => fleets.Sum(gpuSeconds) / SecondsPerHour;
    }
}
