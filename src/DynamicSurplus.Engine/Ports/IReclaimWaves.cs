using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// Carries reclaims out: at once in this process, or as a wave that something durable follows to its end.
/// </summary>
public interface IReclaimWaves
{
    /// <summary>
    /// Begins a wave on the fleet, or tells the one that runs of the new shortage: a fleet has one wave at a time.
    /// </summary>
    Task BeginAsync(FleetId fleet, Shortage shortage, CancellationToken cancellationToken);
}
