using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <param name="Fleet">Where the lease's GPUs are reserved: found even where the lease's stream never began.</param>
public sealed record Wakeup(LeaseId Lease, FleetId Fleet, DateTimeOffset At)
{
    /// <summary>As it is stored: the instant in UTC, up to the whole millisecond.</summary>
    public Wakeup RoundedUp()
    {
        var past = At.UtcTicks % TimeSpan.TicksPerMillisecond;
        var ticks = past == 0 ? At.UtcTicks : At.UtcTicks - past + TimeSpan.TicksPerMillisecond;
        return this with { At = new(ticks, TimeSpan.Zero) };
    }
}
