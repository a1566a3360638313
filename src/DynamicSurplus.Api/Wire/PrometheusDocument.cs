using DynamicSurplus.Fleets;

namespace DynamicSurplus.Api.Wire;

/// <summary>All but <paramref name="Watts"/> are needed.</summary>
/// <param name="Server">Base address of the server.</param>
/// <param name="Healthy">PromQL for the GPUs that answer.</param>
/// <param name="Running">PromQL for the GPUs in use.</param>
/// <param name="Queued">PromQL for the GPUs that waiting jobs ask for.</param>
/// <param name="Watts">PromQL for what one running GPU draws.</param>
public sealed record PrometheusDocument(
    Uri? Server = null,
    string? Healthy = null,
    string? Running = null,
    string? Queued = null,
    string? Watts = null
)
{
    public static PrometheusDocument Of(PrometheusSource source) =>
        new(source.Server, source.Healthy, source.Running, source.Queued, source.Watts);
}
