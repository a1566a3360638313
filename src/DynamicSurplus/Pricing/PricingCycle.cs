using DynamicSurplus.Measures;
using DynamicSurplus.Pricing.Kernel;
using DynamicSurplus.Risk;
using DynamicSurplus.Settlement;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Pricing;

/// <summary>
/// One tick of a shard, pure: newest telemetry → slices and rates (the kernel, under the margins in force) → risk,
/// whose margins count from the next tick on.
/// </summary>
/// <remarks>
/// After a gap one tick runs: accepted load is divided by the ticks that passed. A second run of a tick changes
/// nothing. One instance serves one shard at a time.
/// </remarks>
public sealed class PricingCycle(IRiskModel risk)
{
    private double[] _free = [];
    private double[] _capacity = [];
    private bool[] _trusted = [];

    /// <returns>False where this tick, or a later one, has run already.</returns>
    public bool Run(ShardState state, Tick tick, DateTimeOffset now, Staleness staleness)
    {
        if (tick <= state.LastTick)
        {
            return false;
        }
        MakeRoom(state.Count);
        var passed = (tick.StartSeconds - state.LastTick.StartSeconds) / state.Length.Seconds;
        var elapsedTicks = state.LastTick == Tick.None ? 1 : Math.Max(1, passed);
        Observe(state, now.ToUnixTimeMilliseconds(), staleness, elapsedTicks);
        PricingKernel.Run(state.Pricing);
        state.LastTickSeconds = (long)elapsedTicks * state.Length.Seconds;
        Account(state);
        BookDisplaced(state, tick);
        risk.Advance(
            state.Risk,
            tick,
            state.Length,
            _free.AsSpan(0, state.Count),
            _capacity.AsSpan(0, state.Count),
            _trusted.AsSpan(0, state.Count)
        );
        state.LastTick = tick;
        return true;
    }

    private void Observe(ShardState state, long nowMilliseconds, Staleness staleness, double elapsedTicks)
    {
        var (own, pricing, telemetry) = (state.Own, state.Pricing, state.Telemetry);
        for (var i = 0; i < state.Count; i++)
        {
            var watts = telemetry.Watts[i] != TelemetryColumns.NoWatts ? telemetry.Watts[i] : own.WattsPerGpu[i];
            var healthy = telemetry.Healthy[i];
            var capacity = own.BudgetWatts[i] > 0 ? Math.Min(healthy, Math.Floor(own.BudgetWatts[i] / watts)) : healthy;
            var demand = Demand.Of(
                telemetry.Running[i],
                telemetry.Queued[i],
                own.Leased[i],
                own.DemandIncludesLeased[i]
            );
            var age = nowMilliseconds - telemetry.AtMilliseconds[i];

            _capacity[i] = capacity;
            _free[i] = SurplusSlice.Free(demand, capacity, pricing.Wall[i]);
            _trusted[i] = capacity > 0 && age <= staleness.FreezeAfter.TotalMilliseconds;
            own.Stale[i] = age > staleness.RefuseAfter.TotalMilliseconds;
            pricing.SetInputs(
                i,
                capacity,
                demand,
                state.Risk.MarginFirm[i],
                state.Risk.MarginSpot[i],
                own.Offered[i] / elapsedTicks,
                frozen: !_trusted[i] || own.Paused[i]
            );
            own.Offered[i] = 0;
            if (_trusted[i] && !own.Started[i])
            {
                pricing.Start(i);
                own.Started[i] = true;
            }
            own.InterestBefore[i] = pricing.Interest[i];
            own.LogRateBefore[i] = pricing.LogRate[i];
        }
    }

    private void Account(ShardState state)
    {
        var own = state.Own;
        double seconds = state.LastTickSeconds;
        for (var i = 0; i < state.Count; i++)
        {
            var capacity = _capacity[i];
            double demand = state.Pricing.Demand[i];
            double wall = state.Pricing.Wall[i];
            var needed = capacity - _free[i];
            own.FreeSum[i] += _free[i];
            own.CapacitySum[i] += capacity;
            own.FreeTicks[i]++;
            own.CapacityGpuSeconds[i] += capacity * seconds;
            own.DemandGpuSeconds[i] += demand * seconds;
            own.ServedGpuSeconds[i] += Math.Min(needed, Math.Max(0, capacity - own.Leased[i])) * seconds;
            own.LeasedGpuSeconds[i] += own.Leased[i] * seconds;
            own.DisplacedGpuSeconds[i] += wall < 1 ? Math.Max(0, demand - (wall * capacity)) * seconds : 0;
            own.FirmOverrunSeconds[i] += needed + own.LeasedFirm[i] > capacity + SurplusSlice.GpuNoise ? seconds : 0;
        }
    }

    /// <summary>From the numbers that the tick's record holds, so that it can be recomputed.</summary>
    private static void BookDisplaced(ShardState state, Tick tick)
    {
        var (own, pricing) = (state.Own, state.Pricing);
        state.Displaced.Open(BillingPeriod.Of(tick.Start));
        for (var i = 0; i < state.Count; i++)
        {
            var cost = DisplacedCost.Of(
                pricing.Demand[i],
                pricing.Wall[i],
                pricing.Capacity[i],
                pricing.RateOf(i),
                state.LastTickSeconds
            );
            own.DisplacedInTickMicroUsd[i] = cost.Amount.Value;
            if (cost != DisplacedCost.None)
            {
                own.DisplacedMicroUsd[i] += cost.Amount.Value;
                state.Displaced.Add(state.Index.Fleets[i], state.Teams[own.Team[i]], cost);
            }
        }
    }

    private void MakeRoom(int count)
    {
        if (count > _free.Length)
        {
            _free = new double[count];
            _capacity = new double[count];
            _trusted = new bool[count];
        }
    }
}
