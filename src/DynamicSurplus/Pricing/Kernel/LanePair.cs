using System.Runtime.CompilerServices;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>
/// Two lanes in step. A fleet's rate is one long chain of operations, each waiting for the last; two chains side by
/// side keep the processor busy while each waits.
/// </summary>
internal readonly struct LanePair<T>(T first, T second) : ILane<LanePair<T>>
    where T : struct, ILane<T>
{
    private readonly T _first = first;
    private readonly T _second = second;

    public static int Width => 2 * T.Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> operator +(LanePair<T> a, LanePair<T> b) =>
        new(a._first + b._first, a._second + b._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> operator -(LanePair<T> a, LanePair<T> b) =>
        new(a._first - b._first, a._second - b._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> operator *(LanePair<T> a, LanePair<T> b) =>
        new(a._first * b._first, a._second * b._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> operator /(LanePair<T> a, LanePair<T> b) =>
        new(a._first / b._first, a._second / b._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> operator -(LanePair<T> a) => new(-a._first, -a._second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> Of(float value) => new(T.Of(value), T.Of(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> Load(float[] column, int fleet) =>
        new(T.Load(column, fleet), T.Load(column, fleet + T.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float[] column, int fleet)
    {
        _first.Store(column, fleet);
        _second.Store(column, fleet + T.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> Fma(LanePair<T> a, LanePair<T> b, LanePair<T> c) =>
        new(T.Fma(a._first, b._first, c._first), T.Fma(a._second, b._second, c._second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> Sqrt(LanePair<T> a) => new(T.Sqrt(a._first), T.Sqrt(a._second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> Min(LanePair<T> a, LanePair<T> b) =>
        new(T.Min(a._first, b._first), T.Min(a._second, b._second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> Max(LanePair<T> a, LanePair<T> b) =>
        new(T.Max(a._first, b._first), T.Max(a._second, b._second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> WhereNegative(LanePair<T> test, LanePair<T> then, LanePair<T> otherwise) =>
        new(
            T.WhereNegative(test._first, then._first, otherwise._first),
            T.WhereNegative(test._second, then._second, otherwise._second)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> Scale(LanePair<T> value, LanePair<T> shifted) =>
        new(T.Scale(value._first, shifted._first), T.Scale(value._second, shifted._second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanePair<T> Split(LanePair<T> value, int leastBits, out LanePair<T> exponent)
    {
        var first = T.Split(value._first, leastBits, out var firstExponent);
        var second = T.Split(value._second, leastBits, out var secondExponent);
        exponent = new(firstExponent, secondExponent);
        return new(first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSteps(LanePair<T> value, int[] floor, int[] ceiling, int[] steps, int fleet)
    {
        T.StoreSteps(value._first, floor, ceiling, steps, fleet);
        T.StoreSteps(value._second, floor, ceiling, steps, fleet + T.Width);
    }
}
