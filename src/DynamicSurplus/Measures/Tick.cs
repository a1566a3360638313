using System.Globalization;

namespace DynamicSurplus.Measures;

/// <summary>
/// One pricing step, known by its start in Unix seconds, so that it keeps its meaning when the length changes.
/// </summary>
public readonly record struct Tick(long StartSeconds) : IComparable<Tick>
{
    /// <summary>No tick has run yet.</summary>
    public static readonly Tick None = new(0);

    public DateTimeOffset Start => DateTimeOffset.FromUnixTimeSeconds(StartSeconds);

    /// <summary>The tick that contains an instant.</summary>
    public static Tick At(DateTimeOffset instant, TickLength length)
    {
        var seconds = instant.ToUnixTimeSeconds();
        return new(seconds - (seconds % length.Seconds));
    }

    /// <summary>n = start / length: counts ticks, and a fleet's block closes by it.</summary>
    public long Index(TickLength length) => StartSeconds / length.Seconds;

    public Tick Plus(int ticks, TickLength length) => new(StartSeconds + ((long)ticks * length.Seconds));

    public static bool operator <(Tick left, Tick right) => left.StartSeconds < right.StartSeconds;

    public static bool operator >(Tick left, Tick right) => left.StartSeconds > right.StartSeconds;

    public static bool operator <=(Tick left, Tick right) => left.StartSeconds <= right.StartSeconds;

    public static bool operator >=(Tick left, Tick right) => left.StartSeconds >= right.StartSeconds;

    public int CompareTo(Tick other) => StartSeconds.CompareTo(other.StartSeconds);

    public override string ToString() => StartSeconds.ToString(CultureInfo.InvariantCulture);
}
