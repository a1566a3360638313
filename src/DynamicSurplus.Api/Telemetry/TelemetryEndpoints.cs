using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Telemetry;

/// <summary>Telemetry by HTTP: the same batches that the queue takes.</summary>
public sealed class TelemetryEndpoints(IngestTelemetry ingest)
{
    /// <summary>
    /// Refusals that one answer lists, so that a body of broken samples does not come back many times its size.
    /// </summary>
    private const int MostListed = 1000;

    /// <summary>
    /// 202: each sample was taken, or refused with a reason; 400: the body as a whole cannot be read.
    /// </summary>
    public async Task<ApiAnswer> PostAsync(ApiCall call) =>
        await ingest.RunAsync(call.Body, call.CancellationToken) switch
        {
            IngestResult.Ingested done => ApiAnswer.Of(
                202,
                new IngestDocument(done.Accepted, done.Refused.Count, [.. done.Refused.Take(MostListed)]),
                ApiJson.Shared.IngestDocument
            ),
            IngestResult.Unreadable { Reason: FieldError reason } => ProblemDocument.Answer(
                Problem.With(ProblemKinds.MalformedRequest, reason.Field, reason.Problem, reason.Fix)
            ),
            var other => throw new InvalidOperationException($"No answer stands for {other}."),
        };
}
