using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>One fleet's recorded telemetry, in the order of time, with the ticks that it spans.</summary>
public sealed class FleetTrace
{
    /// <summary>Most ticks of a trace: ten years of minutes. A longer one is a wrong date, not a recording.</summary>
    public const int MaxTicks = 10 * 366 * 24 * 60;

    private readonly Sample[] _samples;

    /// <param name="samples">1 or more, of one fleet, in any order.</param>
    /// <exception cref="InvalidDataException">The samples span more than <see cref="MaxTicks"/>.</exception>
    public FleetTrace(FleetId fleet, IEnumerable<Sample> samples, TickLength length)
    {
        Fleet = fleet;
        _samples = [.. samples.OrderBy(sample => sample.At)];
        FirstTick = SeenAt(_samples[0].At, length);
        TickCount = SeenAt(_samples[^1].At, length).Index(length) - FirstTick.Index(length) + 1;
        if (TickCount > MaxTicks)
        {
            throw new InvalidDataException(
                $"Fleet {fleet} spans {_samples[0].At:yyyy-MM-dd} to {_samples[^1].At:yyyy-MM-dd}, more than "
                    + $"{MaxTicks} ticks: cut the recording, or correct its times."
            );
        }
        MeanCapacity = _samples.Average(sample => sample.Healthy);
        MeanFree = _samples.Average(sample => Math.Max(0, sample.Healthy - sample.Running - sample.Queued));
    }

    public FleetId Fleet { get; }

    public Tick FirstTick { get; }

    public long TickCount { get; }

    /// <summary>Mean of healthy GPUs over the samples.</summary>
    public double MeanCapacity { get; }

    /// <summary>Mean over the samples of what internal demand leaves of the capacity, GPUs.</summary>
    public double MeanFree { get; }

    public ReadOnlySpan<Sample> Samples => _samples;

    /// <summary>The first tick that knows of a sample.</summary>
    private static Tick SeenAt(DateTimeOffset at, TickLength length)
    {
        var tick = Tick.At(at, length);
        return tick.Start < at ? tick.Plus(1, length) : tick;
    }
}
