using DynamicSurplus.Measures;

namespace DynamicSurplus.Risk;

/// <summary>
/// The quantile of past scores at a level that adapts to its own mistakes (adaptive conformal inference: Gibbs and
/// Candès, 2021): a fleet's margin is 1 while its level is at or below 0, and a level falls by almost ε with each
/// violation and rises by ε² with each block.
/// </summary>
/// <remarks>
/// <para>
/// The promise, for any path of free: after T scored blocks at most ε T + 6 hold a tick whose firm slice did not stay
/// free for the next 60 ticks; for spot ε T + 6, and the firm ones besides. It rests on two facts: one margin is in
/// force throughout a block, and at most five blocks are under way when a level reaches 0. A score is a share of the
/// capacity at its block's first tick.
/// </para>
/// <para>
/// Missed ticks keep both facts. A block that is open across a gap covers the gap and the tick that ends it. It closes
/// after that tick where a phase boundary was crossed, once however many were crossed. The next close is the first
/// boundary at least 15 ticks later, so that 60 ticks still follow every tick of a block before it is scored; that
/// block has up to 29 ticks. All blocks under way see the tick that ends the gap. A gap longer than 60 ticks shows
/// nothing of what followed its beginning within the horizon: as after untrusted telemetry, open and unscored blocks
/// are dropped. So are they when the length of a tick changes, since their ticks were of the other length.
/// </para>
/// </remarks>
public sealed class ReferenceRiskModel : IRiskModel
{
    /// <summary>Forgives rounding where a fall equals the margin.</summary>
    private const double MarginNoise = 1e-9;

    /// <inheritdoc/>
    public void Advance(
        RiskColumns columns,
        Tick tick,
        TickLength length,
        ReadOnlySpan<double> free,
        ReadOnlySpan<double> capacity,
        ReadOnlySpan<bool> trusted
    )
    {
        if (free.Length != columns.Count || capacity.Length != columns.Count || trusted.Length != columns.Count)
        {
            throw new ArgumentException($"Give one value for each of the {columns.Count} fleets.", nameof(free));
        }
        if (tick <= columns.LastTick)
        {
            return;
        }
        var now = tick.Index(length);
        var isFirst = columns.LastTick == Tick.None;
        var last = isFirst ? now - 1 : columns.LastTick.Index(length);
        var isLost = now - last > RiskBlock.HorizonTicks || (!isFirst && columns.LastTickSeconds != length.Seconds);
        var pass = new BlockPass(columns, last, now);
        for (var fleet = 0; fleet < free.Length; fleet++)
        {
            var isKnown = trusted[fleet] && capacity[fleet] > 0;
            if (isLost || !isKnown)
            {
                pass.Drop(fleet);
            }
            if (isKnown)
            {
                pass.Observe(fleet, free[fleet], capacity[fleet]);
            }
        }
        columns.LastTick = tick;
        columns.LastTickSeconds = length.Seconds;
    }

    /// <summary>Scores a block: corrects both levels, ages the histogram, sets the margins, counts.</summary>
    /// <param name="columns">Holds the fleet.</param>
    /// <param name="fleet">Its number.</param>
    /// <param name="drop">Largest fall of free from any tick of the block to any later one, GPUs.</param>
    /// <param name="capacity">At the block's first tick, GPUs, above 0.</param>
    /// <param name="marginFirm">In force during the block.</param>
    /// <param name="marginSpot">In force during the block.</param>
    /// <returns>The score: the fall as a share of capacity, [0, 1].</returns>
    public static double Score(
        RiskColumns columns,
        int fleet,
        double drop,
        double capacity,
        double marginFirm,
        double marginSpot
    )
    {
        var score = Math.Min(1.0, Math.Max(0.0, drop / capacity));
        var isFirmViolation = score > marginFirm + MarginNoise;
        var isSpotViolation = score > marginSpot + MarginNoise;
        ref var alphaFirm = ref columns.AlphaFirm[fleet];
        ref var alphaSpot = ref columns.AlphaSpot[fleet];
        alphaFirm = Adapt(alphaFirm, columns.EpsilonFirm[fleet], isFirmViolation);
        alphaSpot = Adapt(alphaSpot, columns.EpsilonSpot[fleet], isSpotViolation);
        RiskHistogram.Record(columns.HistogramOf(fleet), columns.Decay[fleet], score);
        columns.Weight[fleet] = (columns.Decay[fleet] * columns.Weight[fleet]) + 1.0;
        columns.SetMargins(fleet);
        columns.Blocks[fleet]++;
        columns.FirmViolations[fleet] += isFirmViolation ? 1 : 0;
        columns.SpotViolations[fleet] += isSpotViolation ? 1 : 0;
        return score;
    }

    private static double Adapt(double alpha, double epsilon, bool isViolation) =>
        Math.Min(4 * epsilon, alpha + (epsilon * (epsilon - (isViolation ? 1.0 : 0.0))));
}
