namespace DynamicSurplus.Pricing.Kernel;

/// <summary>
/// One or more floats that the kernel computes with side by side. Every operation is correctly rounded or exact, so that
/// a result's bits do not depend on how many stand beside it.
/// </summary>
internal interface ILane<TSelf>
    where TSelf : struct, ILane<TSelf>
{
    /// <summary>Floats in a lane.</summary>
    static abstract int Width { get; }

    static abstract TSelf Load(ref readonly float source);

    static abstract TSelf Of(float value);

    /// <summary><paramref name="a"/> × <paramref name="b"/> + <paramref name="c"/>, rounded once.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    /// <summary>a &lt; b ? a : b.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>a &gt; b ? a : b.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>Where <paramref name="condition"/> is above 0 <paramref name="then"/>, else <paramref name="otherwise"/>.</summary>
    static abstract TSelf Choose(TSelf condition, TSelf then, TSelf otherwise);

    /// <summary>2^n, where n is the integer that stands in the low bits of a float to which 1.5 × 2^23 was added; −126 ≤ n ≤ 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf shifted);

    /// <summary>Splits a positive normal float into m × 2^e with √½ ≤ m &lt; √2.</summary>
    static abstract TSelf Split(TSelf value, out TSelf exponent);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    void Store(ref float target);
}
