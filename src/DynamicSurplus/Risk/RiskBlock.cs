namespace DynamicSurplus.Risk;

/// <summary>The rhythm of the risk model, in ticks.</summary>
/// <remarks>
/// A block's score is the largest fall of free from any of its ticks to any later tick, known <see cref="Lag"/> blocks
/// after it closed: by then <see cref="HorizonTicks"/> ticks have followed each of its ticks.
/// </remarks>
public static class RiskBlock
{
    /// <summary>Ticks of a block.</summary>
    public const int Ticks = 15;

    /// <summary>Blocks between a block's close and its score.</summary>
    public const int Lag = 4;

    /// <summary>How long a firm slice is promised to stay free.</summary>
    public const int HorizonTicks = Ticks * Lag;
}
