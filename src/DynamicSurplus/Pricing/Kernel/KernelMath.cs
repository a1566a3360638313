using System.Runtime.CompilerServices;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>
/// exp and ln in float, made of correctly rounded operations alone: the same bits at every vector width and on every
/// processor, which the platform's own functions do not promise.
/// </summary>
public static class KernelMath
{
    /// <summary>Arguments of exp are held inside [−87, 88]: every result is a normal float.</summary>
    public const float LeastExponent = -87f;
    public const float MostExponent = 88f;

    /// <summary>1.5 × 2^23: adding it leaves an integer in the low bits, rounded half to even.</summary>
    internal const float Shifter = 12_582_912f;

    private const float Log2E = 1.442_695_04f;
    private const float Ln2High = 0.693_147_182f;
    private const float Ln2Low = -1.904_654_3e-9f;

    /// <summary>e^x, relative error below 1.2e-7 for x in [−87, 88]; outside, that of the nearer end.</summary>
    public static float Exp(float x) => (float)Exp(LaneScalar.Of(x), LaneScalar.Of(0f));

    /// <summary>ln x of a positive normal float, relative error below 1.6e-7; ln 1 is 0.</summary>
    public static float Log(float x) => (float)Log(LaneScalar.Of(x), LaneScalar.Of(0f));

    /// <summary>
    /// e^(a × b) with the product's own rounding error put back: for an argument of 16 that error alone would be 1e-6
    /// of the result.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T ExpOfProduct<T>(T a, T b)
        where T : struct, ILane<T>
    {
        var product = a * b;
        return Exp(product, T.Fma(a, b, -product));
    }

    /// <summary>e^(x + rest).</summary>
    /// <param name="rest">At most half a unit in the last place of x.</param>
    /// <remarks>
    /// x = n ln 2 + r; e^r = 1 + r + r² q(r), q the minimax polynomial with float coefficients over |r| ≤ 0.3467
    /// (relative error 2^-28).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Exp<T>(T x, T rest)
        where T : struct, ILane<T>
    {
        x = T.Min(T.Max(x, T.Of(LeastExponent)), T.Of(MostExponent));
        var shifted = T.Fma(x, T.Of(Log2E), T.Of(Shifter));
        var n = shifted - T.Of(Shifter);
        var r = T.Fma(n, T.Of(-Ln2High), x);
        r = T.Fma(n, T.Of(-Ln2Low), r) + rest;
        var square = r * r;
        var low = T.Fma(T.Of(0.166_665_167f), r, T.Of(0.499_999_94f));
        var high = T.Fma(T.Of(0.008_369_191_55f), r, T.Of(0.041_668_102_1f));
        high = T.Fma(T.Of(0.001_383_884f), square, high);
        var q = T.Fma(high, square, low);
        return T.Scale(T.Fma(q, square, r) + T.Of(1f), shifted);
    }

    /// <summary>ln(x × 2^power) of a positive normal x.</summary>
    /// <param name="power">Whole numbers.</param>
    /// <remarks>
    /// x = m 2^e, √½ ≤ m &lt; √2, f = m − 1; ln m = f − f²/2 + f³ p(f), p the minimax polynomial with float
    /// coefficients (relative error 2^-27).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Log<T>(T x, T power)
        where T : struct, ILane<T>
    {
        var f = T.Split(x, FloatBits.SqrtHalf, out var exponent) - T.Of(1f);
        var n = exponent + power;
        var square = f * f;
        var low = T.Fma(T.Of(-0.166_233_212f), f, T.Of(0.200_012_594f));
        low = T.Fma(low, square, T.Fma(T.Of(-0.250_008_225f), f, T.Of(0.333_333_313f)));
        var high = T.Fma(T.Of(-0.076_433_874_7f), f, T.Of(0.127_674_639f));
        high = T.Fma(high, square, T.Fma(T.Of(-0.131_597_37f), f, T.Of(0.142_009_512f)));
        var p = T.Fma(high, square * square, low);
        var tail = T.Fma(T.Fma(p, f, T.Of(-0.5f)), square, f);
        return T.Fma(n, T.Of(Ln2High), T.Fma(n, T.Of(Ln2Low), tail));
    }
}
