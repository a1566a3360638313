namespace DynamicSurplus.Pricing.Kernel;

/// <summary>
/// exp and ln in float, made of correctly rounded operations alone: the same bits at every vector width and on every
/// processor, which the platform's own functions do not promise.
/// </summary>
internal static class KernelMath
{
    /// <summary>Arguments of exp are held inside [−87, 88]: every result is a normal float.</summary>
    public const float LeastExponent = -87f;
    public const float MostExponent = 88f;

    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>1.5 × 2^23: adding it leaves an integer in the low bits, rounded half to even.</summary>
    private const float Shifter = 12582912f;

    /// <summary>e^x. Relative error below 1.5e-7 for x in [−87, 88]; outside, that of the nearer end.</summary>
    /// <remarks>x = n ln 2 + r; e^r = 1 + r + r² q(r), q interpolates (e^r − 1 − r) / r² at the Chebyshev nodes of |r| ≤ 0.3475.</remarks>
    public static T Exp<T>(T x)
        where T : struct, ILane<T>
    {
        x = T.Min(T.Max(x, T.Of(LeastExponent)), T.Of(MostExponent));
        var shifted = T.Fma(x, T.Of(Log2E), T.Of(Shifter));
        var n = shifted - T.Of(Shifter);
        var r = T.Fma(n, T.Of(-Ln2High), x);
        r = T.Fma(n, T.Of(-Ln2Low), r);
        var q = T.Fma(r, T.Of(0.001392637612298131f), T.Of(0.008363333530724049f));
        q = T.Fma(q, r, T.Of(0.04166655242443085f));
        q = T.Fma(q, r, T.Of(0.16666576266288757f));
        q = T.Fma(q, r, T.Of(0.5f));
        var power = T.Fma(q, r * r, r) + T.Of(1f);
        return power * T.PowerOfTwo(shifted);
    }

    /// <summary>
    /// e^(a × b) with the product's rounding error put back: for an argument of 16 that error alone would be 1e-6 of the
    /// result.
    /// </summary>
    public static T ExpOfProduct<T>(T a, T b)
        where T : struct, ILane<T>
    {
        var product = a * b;
        var rest = T.Fma(a, b, T.Of(0f) - product);
        var power = Exp(product);
        return T.Fma(power, rest, power);
    }

    /// <summary>ln x of a positive normal float. Error below 1.5e-7 of max(1, |ln x|).</summary>
    /// <remarks>
    /// x = m 2^e, f = m − 1; ln m = f − f²/2 + f³ p(f), p interpolates the rest at the Chebyshev nodes of [√½ − 1, √2 − 1].
    /// </remarks>
    public static T Log<T>(T x)
        where T : struct, ILane<T>
    {
        var f = T.Split(x, out var exponent) - T.Of(1f);
        var p = T.Fma(f, T.Of(0.09048784524202347f), T.Of(-0.1403089165687561f));
        p = T.Fma(p, f, T.Of(0.147038996219635f));
        p = T.Fma(p, f, T.Of(-0.16602718830108643f));
        p = T.Fma(p, f, T.Of(0.19984222948551178f));
        p = T.Fma(p, f, T.Of(-0.2500070333480835f));
        p = T.Fma(p, f, T.Of(0.33333414793014526f));
        var square = f * f;
        var tail = T.Fma(p, f, T.Of(-0.5f)) * square;
        tail = T.Fma(exponent, T.Of(Ln2Low), tail) + f;
        return T.Fma(exponent, T.Of(Ln2High), tail);
    }
}
