using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>
/// What a <see cref="LeaseLifecycle"/> waits for: its input, and what it carries from one billing period to the next.
/// Instances in flight hold it as JSON: members are added with a default, never renamed.
/// </summary>
/// <param name="Lease">The lease's id, and the instance's.</param>
/// <param name="Fleet">Where its GPUs are reserved.</param>
/// <param name="At">When to look at the lease next, UTC.</param>
public sealed record LeaseWatch(string Lease, string Fleet, DateTimeOffset At)
{
    public static LeaseWatch Of(Wakeup wakeup) =>
        new(wakeup.Lease.ToString(), wakeup.Fleet.ToString(), wakeup.RoundedUp().At);

    public Wakeup ToWakeup() => new(LeaseId.Parse(Lease), FleetId.Parse(Fleet), At);
}
