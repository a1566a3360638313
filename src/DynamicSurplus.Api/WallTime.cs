using DynamicSurplus.Engine;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api;

/// <summary>What callers wait for passes on their own clocks, whatever speed the engine's has.</summary>
internal static class WallTime
{
    /// <summary>
    /// Whole seconds, rounded down: for how long what was read stays the latest; 0 where a newer one is due.
    /// </summary>
    public static int LeftOf(Tick tick, EngineClock clock, EngineOptions options)
    {
        var left = tick.Plus(1, options.TickLength).Start - clock.UtcNow;
        return (int)Math.Max(0, left.TotalSeconds / options.Speed);
    }

    /// <summary>Whole seconds, rounded up, at least 1: when rates and slices are made anew.</summary>
    public static int ToNextTick(EngineClock clock, EngineOptions options)
    {
        var left = clock.Tick.Plus(1, options.TickLength).Start - clock.UtcNow;
        return (int)Math.Max(1, Math.Ceiling(left.TotalSeconds / options.Speed));
    }

    /// <summary>Whole seconds, rounded up, at least 1; 1 where there is no such instant.</summary>
    public static int Until(DateTimeOffset? instant, EngineClock clock, EngineOptions options)
    {
        var left = (instant ?? clock.UtcNow) - clock.UtcNow;
        return (int)Math.Max(1, Math.Ceiling(left.TotalSeconds / options.Speed));
    }
}
