using DynamicSurplus.Engine.Steps;
using Microsoft.Azure.Functions.Worker;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>What a <see cref="LeaseLifecycle"/> has done.</summary>
public sealed class LeaseActivities(WakeLease wake)
{
    /// <summary>Name of <see cref="WakeLeaseAsync"/>: instances in flight know it, so it stays.</summary>
    public const string Wake = "WakeLease";

    /// <summary>
    /// Does what is due for the lease. It has no durable client: what is scheduled in here the caller hears as the
    /// answer.
    /// </summary>
    [Function(Wake)]
    public async Task<LeaseLook> WakeLeaseAsync(
        [ActivityTrigger] LeaseWatch watch,
        CancellationToken cancellationToken
    ) => new(await wake.RunAsync(watch.ToWakeup(), cancellationToken));
}
