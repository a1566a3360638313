using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Steps;

namespace DynamicSurplus.Api.Summaries;

/// <summary>The installation's books at a glance.</summary>
public sealed class SummaryEndpoints(ReadSummary summary)
{
    public async Task<ApiAnswer> GetAsync(ApiCall call) =>
        ApiAnswer.Of(
            200,
            SummaryDocument.Of(await summary.RunAsync(call.CancellationToken)),
            ApiJson.Shared.SummaryDocument
        );
}
