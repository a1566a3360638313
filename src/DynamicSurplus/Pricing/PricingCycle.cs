using DynamicSurplus.Measures;
using DynamicSurplus.Pricing.Kernel;
using DynamicSurplus.Risk;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Pricing;

/// <summary>
/// One tick of a shard, pure: newest telemetry → slices and rates (kernel, under the margins in force) → risk, whose
/// margins count from the next tick on.
/// </summary>
/// <remarks>After a gap one tick runs: accepted load is divided by the ticks that passed. A second run of a tick changes nothing.</remarks>
public sealed class PricingCycle(IRiskModel risk)
{
    /// <returns>False where this tick, or a later one, has run already.</returns>
    public bool Run(ShardState state, Tick tick, DateTimeOffset now, Staleness staleness)
    {
        if (tick <= state.LastTick)
        {
            return false;
        }
        var elapsedTicks =
            state.LastTick == Tick.None ? 1 : Math.Max(1, (tick.StartSeconds - state.LastTick.StartSeconds) / state.Length.Seconds);
        Observe(state, now.ToUnixTimeMilliseconds(), staleness, elapsedTicks);
        PricingKernel.Run(state.Pricing);
        Account(state, elapsedTicks);
        risk.Advance(state.Risk, tick.Index(state.Length));
        state.LastTick = tick;
        return true;
    }

    private static void Observe(ShardState state, long nowMilliseconds, Staleness staleness, double elapsedTicks)
    {
        var (own, pricing, telemetry, risk) = (state.Own, state.Pricing, state.Telemetry, state.Risk);
        for (var i = 0; i < state.Count; i++)
        {
            var watts = telemetry.Watts[i] != TelemetryColumns.NoWatts ? telemetry.Watts[i] : own.WattsPerGpu[i];
            var healthy = telemetry.Healthy[i];
            var capacity = own.BudgetWatts[i] > 0 ? Math.Min(healthy, Math.Floor(own.BudgetWatts[i] / watts)) : healthy;
            var demand = Demand.Of(telemetry.Running[i], telemetry.Queued[i], own.Leased[i], own.DemandIncludesLeased[i]);
            var age = nowMilliseconds - telemetry.AtMilliseconds[i];
            var isTrusted = capacity > 0 && age <= staleness.FreezeAfter.TotalMilliseconds;

            own.Stale[i] = age > staleness.RefuseAfter.TotalMilliseconds;
            pricing.Capacity[i] = (float)capacity;
            pricing.Demand[i] = (float)demand;
            pricing.MarginFirm[i] = (float)risk.MarginFirm[i];
            pricing.MarginSpot[i] = (float)risk.MarginSpot[i];
            pricing.Accepted[i] = (float)(own.Offered[i] / elapsedTicks);
            own.Offered[i] = 0;
            if (isTrusted && !own.Started[i])
            {
                pricing.Start(i);
                own.Started[i] = true;
            }
            pricing.Frozen[i] = !isTrusted || own.Paused[i];
            own.InterestBefore[i] = pricing.Interest[i];
            own.LogRateBefore[i] = pricing.LogRate[i];
            risk.Capacity[i] = capacity;
            risk.Free[i] = capacity - SurplusSlice.Protected(demand, capacity, pricing.Wall[i]);
            risk.Trusted[i] = isTrusted;
        }
    }

    private static void Account(ShardState state, double elapsedTicks)
    {
        var own = state.Own;
        var seconds = elapsedTicks * state.Length.Seconds;
        for (var i = 0; i < state.Count; i++)
        {
            double capacity = state.Pricing.Capacity[i];
            double demand = state.Pricing.Demand[i];
            double wall = state.Pricing.Wall[i];
            var protectedDemand = SurplusSlice.Protected(demand, capacity, wall);
            own.FreeSum[i] += capacity - protectedDemand;
            own.FreeTicks[i]++;
            own.CapacityGpuSeconds[i] += capacity * seconds;
            own.DemandGpuSeconds[i] += demand * seconds;
            own.ServedGpuSeconds[i] += Math.Min(protectedDemand, Math.Max(0, capacity - own.Leased[i])) * seconds;
            own.LeasedGpuSeconds[i] += own.Leased[i] * seconds;
            own.DisplacedGpuSeconds[i] += wall < 1 ? Math.Max(0, demand - (wall * capacity)) * seconds : 0;
            own.FirmOverrunSeconds[i] += protectedDemand + own.LeasedFirm[i] > capacity + 1e-3 ? seconds : 0;
        }
    }
}
