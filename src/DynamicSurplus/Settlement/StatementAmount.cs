using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>What one line of a statement comes to.</summary>
public static class StatementAmount
{
    /// <summary>$0.0001 for a GPU-hour is 100 micro-dollars for 3,600 s: 1/36 for a second.</summary>
    internal const int UnitsPerMicroUsd = 36;

    /// <summary>
    /// The exact sum of the segments, rounded once, half to even: splitting a segment never changes it.
    /// </summary>
    /// <exception cref="OverflowException">More than 9.2 trillion USD.</exception>
    public static MicroUsd Of(ReadOnlySpan<MeterSegment> segments)
    {
        var units = Int128.Zero;
        foreach (var segment in segments)
        {
            units += segment.Units;
        }
        return MicroUsd.Round(units, UnitsPerMicroUsd);
    }
}
