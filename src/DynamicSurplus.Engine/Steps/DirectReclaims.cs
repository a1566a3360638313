using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Gives the notices now, in this process. What follows them is each lease's own affair: its wake-up at the deadline.
/// </summary>
public sealed class DirectReclaims(ReclaimCapacity reclaim) : IReclaimWaves
{
    public Task BeginAsync(FleetId fleet, Shortage shortage, CancellationToken cancellationToken) =>
        reclaim.RunAsync(fleet, shortage, cancellationToken);
}
