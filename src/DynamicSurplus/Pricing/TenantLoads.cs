using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Pricing;

/// <summary>
/// Keeps any one tenant from being the market: over time its requests count, served or not, for at most a share of it,
/// with a horizon of 60 ticks in advance.
/// </summary>
/// <remarks>
/// Asking is free, so load that is asked for can be made up, and this is how much of it is believed. At share s and
/// elasticity e a tenant that asks all the time moves the rate at which the others' demand clears by a factor of
/// (1 − s)^(−1/e), for good: 1.08 by default, and 1.10 at the peak where it asks in bursts. What a request counts for
/// depends on nothing that another tenant does.
/// </remarks>
public sealed class TenantLoads
{
    private readonly Dictionary<(FleetId Fleet, TenantId Tenant), TenantLoad> _loads = [];

    public IReadOnlyDictionary<(FleetId Fleet, TenantId Tenant), TenantLoad> All => _loads;

    /// <summary>Counts a request of this tick.</summary>
    /// <param name="offered">GPU-ticks, 0 or more.</param>
    /// <param name="allowed">GPUs that the tenant may count for on average: its share of the market.</param>
    /// <returns>GPU-ticks that count, at most <paramref name="offered"/>.</returns>
    public double Count(FleetId fleet, TenantId tenant, double offered, Tick tick, TickLength length, double allowed)
    {
        var before = _loads.GetValueOrDefault((fleet, tenant), new(0, tick));
        var ticks = (double)(tick.StartSeconds - before.Tick.StartSeconds) / length.Seconds;
        var left = Math.Max(0, before.GpuTicks - (ticks * allowed));
        var counted = Math.Clamp((TermLimits.HorizonTicks * allowed) - left, 0, offered);
        if (left + counted > 0)
        {
            _loads[(fleet, tenant)] = new(left + counted, tick);
        }
        return counted;
    }

    /// <summary>Takes up what was stored.</summary>
    public void Restore(FleetId fleet, TenantId tenant, TenantLoad load) => _loads[(fleet, tenant)] = load;

    /// <summary>Lets go of those who have asked for nothing since; a horizon later all is worked off.</summary>
    public void ForgetBefore(Tick tick)
    {
        foreach (var (key, _) in _loads.Where(load => load.Value.Tick < tick).ToList())
        {
            _loads.Remove(key);
        }
    }
}
