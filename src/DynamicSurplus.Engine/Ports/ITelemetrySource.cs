using DynamicSurplus.Fleets;

namespace DynamicSurplus.Engine.Ports;

/// <summary>What a fleet's telemetry is pulled from.</summary>
public interface ITelemetrySource
{
    /// <summary>Asks the fleet's own source for all its values at one instant: all of them, or none.</summary>
    /// <param name="fleet">One that declares a source.</param>
    /// <param name="at">On the wall's clock: no source knows any other.</param>
    /// <exception cref="OperationCanceledException">Only where the token says so.</exception>
    Task<TelemetryReading> ReadAsync(Fleet fleet, DateTimeOffset at, CancellationToken cancellationToken);
}
