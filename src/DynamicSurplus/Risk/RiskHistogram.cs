namespace DynamicSurplus.Risk;

/// <summary>
/// Scores of past blocks in 16 bins: bin k holds those in (edge k − 1, edge k], as shares of capacity. Edge 0 is 0: the
/// blocks after which free never fell.
/// </summary>
public static class RiskHistogram
{
    public const int Bins = 16;

    /// <summary>Weight of a fall to 0 that nobody has seen yet: the tail is never quite empty.</summary>
    private const double Prior = 0.1;

    /// <summary>Forgives rounding where a score lies on an edge.</summary>
    private const double EdgeNoise = 1e-12;

    private static readonly double[] EdgeValues =
    [
        0.0,
        0.01,
        0.013894954943731377,
        0.019306977288832503,
        0.026826957952797256,
        0.0372759372031494,
        0.051794746792312114,
        0.0719685673001152,
        0.1,
        0.13894954943731375,
        0.19306977288832505,
        0.2682695795279726,
        0.37275937203149395,
        0.517947467923121,
        0.7196856730011522,
        1.0,
    ];

    /// <summary>
    /// 0, then 0.01 × 100^((k − 1) / 14). Spelt out because <c>Math.Pow</c> may differ by a bit between machines, and
    /// margins must not.
    /// </summary>
    public static ReadOnlySpan<double> Edges => EdgeValues;

    /// <summary>The bin of a score in [0, 1].</summary>
    public static int Bin(double score)
    {
        var bin = 0;
        while (bin < Bins - 1 && !(score <= Edges[bin] + EdgeNoise))
        {
            bin++;
        }
        return bin;
    }

    /// <summary>Ages every bin by <paramref name="decay"/>, then counts one score.</summary>
    public static void Record(Span<double> histogram, double decay, double score)
    {
        foreach (ref var weight in histogram[..Bins])
        {
            weight *= decay;
        }
        histogram[Bin(score)] += 1.0;
    }

    /// <summary>
    /// Smallest edge above which at most <paramref name="alpha"/> of the weight lies; 1 where alpha ≤ 0.
    /// </summary>
    /// <param name="histogram">16 weights, each ≥ 0.</param>
    /// <param name="weight">Their sum.</param>
    /// <param name="alpha">Accepted share of blocks that fall further, any real number.</param>
    /// <returns>Share of capacity: one of <see cref="Edges"/>.</returns>
    public static double Margin(ReadOnlySpan<double> histogram, double weight, double alpha)
    {
        if (alpha <= 0.0)
        {
            return 1.0;
        }
        var tail = Prior;
        for (var bin = Bins - 1; bin > 0; bin--)
        {
            tail += histogram[bin];
            if (tail > alpha * (weight + Prior))
            {
                return Edges[bin];
            }
        }
        return 0.0;
    }
}
