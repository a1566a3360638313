using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine;

/// <summary>The engine's time, and the tick it lies in.</summary>
public sealed class EngineClock(TimeProvider time, EngineOptions options)
{
    public DateTimeOffset UtcNow => time.GetUtcNow();

    public Tick Tick => Tick.At(UtcNow, options.TickLength);
}
