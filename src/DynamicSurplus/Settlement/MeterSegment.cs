using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>A stretch of a lease with one rate and one number of GPUs, metered to the second.</summary>
public readonly record struct MeterSegment
{
    /// <param name="rate">Per GPU-hour.</param>
    /// <param name="gpus">Whole GPUs, 0 or more.</param>
    /// <param name="seconds">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">GPUs or seconds below 0.</exception>
    public MeterSegment(Rate rate, int gpus, long seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gpus);
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        Rate = rate;
        Gpus = gpus;
        Seconds = seconds;
    }

    public Rate Rate { get; }

    public int Gpus { get; }

    public long Seconds { get; }

    /// <summary>Exactly what it costs, in units of 1/36 micro-dollar: rate steps × GPUs × seconds.</summary>
    internal Int128 Units => (Int128)Rate.Steps * Gpus * Seconds;
}
