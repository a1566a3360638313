using System.Globalization;

namespace DynamicSurplus.Measures;

/// <summary>USD per GPU-hour in whole steps of $0.0001: 0 to 10,000 USD.</summary>
public readonly record struct Rate : IComparable<Rate>
{
    public const int StepsPerUsd = 10_000;
    public const int MaxUsdPerGpuHour = 10_000;
    private const int MaxSteps = MaxUsdPerGpuHour * StepsPerUsd;

    private Rate(int steps) => Steps = steps;

    /// <summary>The rate in units of $0.0001 per GPU-hour.</summary>
    public int Steps { get; }

    public decimal UsdPerGpuHour => Steps / (decimal)StepsPerUsd;

    /// <exception cref="ArgumentOutOfRangeException">Below 0 or above 10,000 USD.</exception>
    public static Rate FromSteps(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, MaxSteps);
        return new(steps);
    }

    /// <summary>The nearest step, half to even.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0 or above 10,000 USD.</exception>
    public static Rate FromUsd(decimal usdPerGpuHour)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(usdPerGpuHour);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(usdPerGpuHour, MaxUsdPerGpuHour);
        return new((int)Math.Round(usdPerGpuHour * StepsPerUsd, MidpointRounding.ToEven));
    }

    /// <summary>
    /// <paramref name="factor"/> times this one, half to even: a tier's rate. A step at the least, unless this is 0.
    /// </summary>
    public Rate Times(double factor, Rate most)
    {
        var steps = Math.Max(Math.Min(1, Steps), Math.Round(Steps * (decimal)factor, MidpointRounding.ToEven));
        return new((int)Math.Min(most.Steps, steps));
    }

    public static Rate Min(Rate left, Rate right) => left.Steps <= right.Steps ? left : right;

    public static bool operator <(Rate left, Rate right) => left.Steps < right.Steps;

    public static bool operator >(Rate left, Rate right) => left.Steps > right.Steps;

    public static bool operator <=(Rate left, Rate right) => left.Steps <= right.Steps;

    public static bool operator >=(Rate left, Rate right) => left.Steps >= right.Steps;

    public int CompareTo(Rate other) => Steps.CompareTo(other.Steps);

    /// <summary>USD with four decimals, such as <c>3.0692</c>.</summary>
    public override string ToString() => UsdPerGpuHour.ToString("F4", CultureInfo.InvariantCulture);
}
