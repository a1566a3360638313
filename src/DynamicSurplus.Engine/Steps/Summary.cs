using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>The installation's books at a glance.</summary>
/// <param name="Leases">That were ever granted.</param>
/// <param name="Reclaimed">Of these.</param>
/// <param name="Owed">Settled amounts by customer.</param>
public sealed record Summary(
    IReadOnlyList<FleetUse> Fleets,
    int Leases,
    int Reclaimed,
    IReadOnlyDictionary<TenantId, MicroUsd> Owed
)
{
    /// <summary>
    /// (internal GPUs served + leased) / capacity: the purpose in one number; 0 before the first tick.
    /// </summary>
    public double EffectiveUtilization => Share(use => use.ServedGpuSeconds + use.LeasedGpuSeconds);

    /// <summary>The same without leases.</summary>
    public double InternalUtilization => Share(use => use.ServedGpuSeconds);

    public MicroUsd Revenue => new(Owed.Values.Sum(amount => amount.Value));

    private double Share(Func<FleetUse, double> used)
    {
        var capacity = Fleets.Sum(use => use.CapacityGpuSeconds);
        return capacity > 0 ? Math.Min(1, Fleets.Sum(used) / capacity) : 0;
    }
}
