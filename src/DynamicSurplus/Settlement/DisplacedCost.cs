using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>
/// What internal demand past an enforced wall, displaced in a tick, costs the team that owns the fleet.
/// </summary>
/// <param name="GpuMilliseconds">Displaced GPUs × seconds, in thousandths.</param>
/// <param name="Amount">At the spot rate that the tick posted.</param>
public readonly record struct DisplacedCost(long GpuMilliseconds, MicroUsd Amount)
{
    /// <summary>$0.0001 for a GPU-hour is 1/36 micro-dollar for a GPU-second: 1/36,000 for a thousandth.</summary>
    private const int UnitsPerMicroUsd = 36_000;

    public static DisplacedCost None => default;

    public static DisplacedCost operator +(DisplacedCost left, DisplacedCost right) =>
        new(checked(left.GpuMilliseconds + right.GpuMilliseconds), left.Amount + right.Amount);

    /// <summary>
    /// max(0, demand − wall × capacity) GPUs, rounded to whole thousandths; rate steps × these × seconds is exact, and
    /// is rounded to micro-dollars once a tick. Both roundings are half to even.
    /// </summary>
    /// <param name="demand">Internal GPUs running and queued.</param>
    /// <param name="wall">Share of capacity, (0, 1]; 1: not enforced, nothing is displaced.</param>
    /// <param name="capacity">GPUs.</param>
    /// <param name="spot">The rate that the tick posted.</param>
    /// <param name="seconds">That the tick accounts for, 0 or more.</param>
    public static DisplacedCost Of(double demand, double wall, double capacity, Rate spot, long seconds)
    {
        var gpus = demand - (wall * capacity);
        if (wall >= 1 || gpus <= 0)
        {
            return None;
        }
        var thousandths = (long)Math.Round(gpus * 1000, MidpointRounding.ToEven);
        var units = (Int128)spot.Steps * thousandths * seconds;
        return new(checked(thousandths * seconds), MicroUsd.Round(units, UnitsPerMicroUsd));
    }
}
