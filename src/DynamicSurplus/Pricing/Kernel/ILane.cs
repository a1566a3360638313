namespace DynamicSurplus.Pricing.Kernel;

/// <summary>
/// One or more floats that the kernel computes with side by side. Every operation is correctly rounded or exact, so
/// that a result's bits do not depend on how many stand beside it, nor on the processor.
/// </summary>
internal interface ILane<TSelf>
    where TSelf : struct, ILane<TSelf>
{
    /// <summary>Floats in a lane.</summary>
    static abstract int Width { get; }

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    static abstract TSelf Of(float value);

    /// <summary>The fleets from <paramref name="fleet"/> on; the column's end is not checked.</summary>
    static abstract TSelf Load(float[] column, int fleet);

    /// <summary>To the fleets from <paramref name="fleet"/> on; the column's end is not checked.</summary>
    void Store(float[] column, int fleet);

    /// <summary>a × b + c, rounded once.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>a &lt; b ? a : b, so b where either is NaN or both are zero.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>a &gt; b ? a : b, so b where either is NaN or both are zero.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>test &lt; 0 ? then : otherwise.</summary>
    static abstract TSelf WhereNegative(TSelf test, TSelf then, TSelf otherwise);

    /// <summary>value × 2^n where n + <see cref="KernelMath.Shifter"/> is given; value and result are normal.</summary>
    static abstract TSelf Scale(TSelf value, TSelf shifted);

    /// <summary>A positive normal value as m × 2^exponent with least ≤ m &lt; 2 × least.</summary>
    /// <param name="leastBits">The bits of least, a positive normal float.</param>
    static abstract TSelf Split(TSelf value, int leastBits, out TSelf exponent);

    /// <summary>Rounds to integers, half to even, then holds each inside its fleet's bounds, floor first.</summary>
    /// <param name="value">0 to 2^30.</param>
    static abstract void StoreSteps(TSelf value, int[] floor, int[] ceiling, int[] steps, int fleet);
}
