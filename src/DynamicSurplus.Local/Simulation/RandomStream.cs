using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Simulation;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014): draws in a fixed order,
/// the same for a seed on every machine and runtime.
/// </summary>
public sealed class RandomStream(ulong seed)
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Largest mean drawn at once: e^−16 is far above the least number.</summary>
    private const double PoissonPiece = 16;

    private ulong _state = seed;

    /// <summary>
    /// A fleet's own stream, apart from every other fleet's and from the same fleet's for another use.
    /// </summary>
    /// <param name="use">A constant of the one who draws.</param>
    public static RandomStream Of(FleetId fleet, long seed, ulong use) =>
        new(unchecked(Mix((ulong)seed + Step) ^ Mix(((ulong)fleet.Hash << 32) ^ use)));

    /// <summary>64 random bits; every draw below is made of these.</summary>
    public ulong NextBits()
    {
        _state = unchecked(_state + Step);
        return Mix(_state);
    }

    /// <summary>Uniform in [0, 1), 53 bits; one draw.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal (Box and Muller's cosine); two draws.</summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(2 * NextExponential());
        return radius * Math.Cos(2 * Math.PI * NextUniform());
    }

    /// <summary>Exponential with mean 1; one draw.</summary>
    public double NextExponential() => -Math.Log(1 - NextUniform());

    /// <summary>Poisson (Knuth's product of uniforms, in pieces); about mean + 1 draws.</summary>
    public int NextPoisson(double mean)
    {
        var count = 0;
        for (; mean > 0; mean -= PoissonPiece)
        {
            var limit = Math.Exp(-Math.Min(mean, PoissonPiece));
            for (var product = NextUniform(); product > limit; product *= NextUniform())
            {
                count++;
            }
        }
        return count;
    }

    /// <summary>One of some values, by its share; one draw.</summary>
    /// <param name="choices">With shares that sum to 1.</param>
    public int NextOf(ReadOnlySpan<(int Value, double Share)> choices)
    {
        var left = NextUniform();
        foreach (var (value, share) in choices)
        {
            left -= share;
            if (left < 0)
            {
                return value;
            }
        }
        return choices[^1].Value;
    }

    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
            return bits ^ (bits >> 31);
        }
    }
}
