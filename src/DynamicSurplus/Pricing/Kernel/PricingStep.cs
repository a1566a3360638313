using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>The pricing step, written once for every width of lane.</summary>
internal static class PricingStep
{
    /// <summary>Demand estimates are held below this: far past any market, and their logarithms stay finite.</summary>
    private const float MostInterest = 1e30f;

    /// <summary>Prices the fleets from <paramref name="from"/> on, as many as whole lanes hold.</summary>
    /// <returns>The first fleet that was not priced.</returns>
    public static int Run<T>(PricingColumns columns, int from)
        where T : struct, ILane<T>
    {
        for (; from <= columns.Count - T.Width; from += T.Width)
        {
            Step<T>(columns, (nuint)from);
        }
        return from;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T>(PricingColumns columns, nuint i)
        where T : struct, ILane<T>
    {
        var (zero, one) = (T.Of(0f), T.Of(1f));
        var capacity = At<T>(columns.Capacity, i);
        var walled = At<T>(columns.Wall, i) * capacity;
        var marginFirm = At<T>(columns.MarginFirm, i);
        var marginSpot = T.Min(At<T>(columns.MarginSpot, i), marginFirm);
        var needed = T.Min(T.Max(At<T>(columns.Demand, i), zero), walled);
        var firm = capacity - T.Min(walled, T.Fma(marginFirm, capacity, needed));
        var total = capacity - T.Min(walled, T.Fma(marginSpot, capacity, needed));

        var elasticity = At<T>(columns.Elasticity, i);
        var logRate = At<T>(columns.LogRate, i);
        var before = At<T>(columns.Interest, i);
        var offered = At<T>(columns.Accepted, i) * KernelMath.ExpOfProduct(elasticity, logRate);
        offered = T.Min(offered, T.Of(MostInterest));
        var interest = T.Fma(At<T>(columns.Beta, i), offered - before, before);

        var supply = T.Max(total, capacity * T.Of(1f / 1024));
        supply /= T.Fma(At<T>(columns.Batch, i), T.Sqrt(At<T>(columns.MeanGpus, i) / supply), one);
        var least = At<T>(columns.LeastInterestPerGpu, i) * capacity;
        var clearing = KernelMath.Log(T.Max(interest, least) / supply) / elasticity;

        var (low, high) = (At<T>(columns.LogFloor, i), At<T>(columns.LogCeiling, i));
        var target = T.Min(high, T.Max(low, T.Max(At<T>(columns.LogMonopoly, i), clearing)));
        var delta = At<T>(columns.Delta, i);
        var step = T.Min(delta, T.Max(zero - delta, At<T>(columns.Kappa, i) * (target - logRate)));
        var moved = T.Min(high, T.Max(low, logRate + step));

        var live = At<T>(columns.Live, i);
        moved = T.Choose(live, moved, logRate);
        firm.Store(ref At(columns.Firm, i));
        total.Store(ref At(columns.Total, i));
        T.Choose(live, interest, before).Store(ref At(columns.Interest, i));
        moved.Store(ref At(columns.LogRate, i));
        KernelMath.Exp(moved).Store(ref At(columns.RateUsd, i));
        T.Choose(live, target, logRate).Store(ref At(columns.Target, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T At<T>(float[] column, nuint i)
        where T : struct, ILane<T> => T.Load(in At(column, i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float At(float[] column, nuint i) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(column), i);
}
