namespace DynamicSurplus.Measures;

/// <summary>
/// How long a tick is: 10 to 3,600 s, a divisor of an hour so that every hour of records holds whole ticks.
/// </summary>
public readonly record struct TickLength
{
    private readonly int _seconds;

    private TickLength(int seconds) => _seconds = seconds;

    /// <summary>
    /// 60 s: short enough to follow demand, long enough that telemetry of every fleet arrives within one.
    /// </summary>
    public static TickLength Default => new(60);

    public int Seconds => _seconds == 0 ? 60 : _seconds;

    public TimeSpan Span => TimeSpan.FromSeconds(Seconds);

    /// <exception cref="ArgumentOutOfRangeException">Below 10, above 3,600, or no divisor of 3,600.</exception>
    public static TickLength FromSeconds(int seconds)
    {
        if (seconds is < 10 or > 3600 || 3600 % seconds != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(seconds),
                seconds,
                "A tick is 10 to 3600 seconds long and divides an hour."
            );
        }
        return new(seconds);
    }
}
