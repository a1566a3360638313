using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// Samples that were refused, counted for ever and the latest 100 kept, per fleet as the sample named it.
/// </summary>
public interface IRefusals
{
    Task AddAsync(IReadOnlyList<SampleRefusal> refusals, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Latest first, at most 100; of one call the last given is the latest.</summary>
    Task<RefusalSummary> ReadAsync(string fleet, CancellationToken cancellationToken);
}
