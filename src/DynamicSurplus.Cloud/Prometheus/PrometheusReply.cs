using System.Text.Json;

namespace DynamicSurplus.Cloud.Prometheus;

/// <summary>The body of an answer of Prometheus's HTTP API.</summary>
/// <param name="Status"><c>success</c> or <c>error</c>.</param>
internal sealed record PrometheusReply(
    string? Status,
    PrometheusReply.Content? Data,
    string? ErrorType,
    string? Error,
    IReadOnlyList<string>? Warnings,
    IReadOnlyList<string>? Infos
)
{
    /// <param name="Result">
    /// Of a scalar: <c>[time, "number"]</c>. Of a vector: <c>[{"metric": {...}, "value": [time, "number"]}, ...]</c>.
    /// </param>
    internal sealed record Content(string? ResultType, JsonElement Result);
}
