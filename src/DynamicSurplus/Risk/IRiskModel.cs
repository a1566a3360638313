using DynamicSurplus.Measures;

namespace DynamicSurplus.Risk;

/// <summary>
/// Forecasts how far each fleet's free GPUs may fall within the horizon. It leaves the answer in
/// <see cref="RiskColumns.MarginFirm"/> and <see cref="RiskColumns.MarginSpot"/>.
/// </summary>
public interface IRiskModel
{
    /// <summary>
    /// Takes every fleet of a shard over one tick. Price the tick first: the margins in force at a tick are those that
    /// the columns hold before this call.
    /// </summary>
    /// <param name="columns">
    /// The shard's fleets. A tick that they have seen, or an earlier one, changes nothing.
    /// </param>
    /// <param name="tick">May be any number of ticks after the last: missed ticks are made up for.</param>
    /// <param name="length">The tick's length. Changing it starts the blocks anew.</param>
    /// <param name="free">Capacity − protected demand of each fleet, GPUs.</param>
    /// <param name="capacity">GPUs of each fleet; 0 counts as untrusted.</param>
    /// <param name="trusted">False where the newest sample is more than 3 ticks old.</param>
    /// <exception cref="ArgumentException">A span's length is not the number of fleets.</exception>
    void Advance(
        RiskColumns columns,
        Tick tick,
        TickLength length,
        ReadOnlySpan<double> free,
        ReadOnlySpan<double> capacity,
        ReadOnlySpan<bool> trusted
    );
}
