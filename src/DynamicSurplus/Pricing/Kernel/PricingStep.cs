using System.Runtime.CompilerServices;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>
/// The pricing step, written once for every width of lane. <see cref="PricingColumns"/> says the units.
/// </summary>
internal static class PricingStep
{
    /// <summary>Prices the fleets from <paramref name="from"/> on, as many as whole lanes hold.</summary>
    /// <returns>The first fleet that was not priced.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static int Run<T>(PricingColumns columns, int from)
        where T : struct, ILane<T>
    {
        for (; from <= columns.Count - T.Width; from += T.Width)
        {
            Step<T>(columns, from);
        }
        return from;
    }

    /// <summary>capacity − demand − margin × capacity, GPUs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Left<T>(T capacity, T demand, T margin)
        where T : struct, ILane<T> => T.Fma(-margin, capacity, capacity - T.Max(demand, T.Of(0f)));

    /// <summary>Slices: what is left of capacity, but at least what the wall leaves; firm ≤ total.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Firm, T Total) Slices<T>(PricingColumns c, int i, T capacity)
        where T : struct, ILane<T>
    {
        var demand = T.Load(c._demand, i);
        var marginFirm = T.Load(c._marginFirm, i);
        var marginSpot = T.Min(T.Load(c._marginSpot, i), marginFirm);
        var always = T.Fma(-T.Load(c._wall, i), capacity, capacity);
        var total = T.Max(Left(capacity, demand, marginSpot) + T.Load(c._correction, i), always);
        var firm = T.Max(Left(capacity, demand, marginFirm), always);
        return (T.Min(firm, total), total);
    }

    /// <summary>A load at a rate as the load at a rate of 1 USD: load × e^(elasticity × logRate).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Interest<T>(T load, T elasticity, T logRate)
        where T : struct, ILane<T> =>
        T.Min(load * KernelMath.ExpOfProduct(elasticity, logRate), T.Of(PricingColumns.MostInterest));

    /// <summary>Stores a log rate with its rate, and the steps inside the policy's bounds that customers see.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Publish<T>(PricingColumns c, int i, T logRate)
        where T : struct, ILane<T>
    {
        logRate.Store(c._logRate, i);
        var rate = KernelMath.Exp(logRate, T.Of(0f));
        rate.Store(c._rate, i);
        var steps = T.Min(rate * T.Of(PricingColumns.StepsPerUsd), T.Of(PricingColumns.MostSteps));
        T.StoreSteps(steps, c._floorSteps, c._ceilingSteps, c._rateSteps, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T>(PricingColumns c, int i)
        where T : struct, ILane<T>
    {
        var capacity = T.Load(c._capacity, i);
        var (firm, total) = Slices(c, i, capacity);
        firm.Store(c._firm, i);
        total.Store(c._total, i);

        var accepted = T.Load(c._accepted, i);
        var elasticity = T.Load(c._elasticity, i);
        var x = T.Load(c._logRate, i);
        var before = T.Max(T.Load(c._interest, i), T.Of(PricingColumns.LeastInterest));
        before = T.Min(before, T.Of(PricingColumns.MostInterest));
        var interest = T.Fma(T.Load(c._beta, i), Interest(accepted, elasticity, x) - before, before);
        T.WhereNegative(accepted, before, interest).Store(c._interest, i);

        // supply = slice / (1 + batch √(meanGpus / slice)); the estimate's exponent waits apart, so nothing overflows.
        var slice = T.Max(total, capacity * T.Of(PricingColumns.LeastShare));
        var root = T.Sqrt(slice);
        var mantissa = T.Split(interest, FloatBits.One, out var exponent);
        var ratio = mantissa * (root + T.Load(c._batchHeadroom, i)) / (slice * root);
        var clearing = KernelMath.Log(ratio, exponent) / elasticity;
        var ceiling = T.Load(c._logCeiling, i);
        var target = T.Min(T.Max(clearing, T.Load(c._leastTarget, i)), ceiling);
        T.WhereNegative(accepted, x, target).Store(c._target, i);

        var limit = T.Load(c._stepLimit, i);
        var wanted = T.Load(c._kappa, i) * (target - x);
        var moved = x + T.Min(T.Max(wanted, -limit), limit);
        moved = T.Min(T.Max(moved, T.Load(c._logFloor, i)), ceiling);
        moved = T.WhereNegative(accepted, x, moved);
        Publish(c, i, moved);
    }
}
