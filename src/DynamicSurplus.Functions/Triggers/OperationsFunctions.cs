using DynamicSurplus.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>
/// Telemetry, the summary, events, the audit and health over HTTP, and the answer to whatever else is asked for.
/// </summary>
public sealed class OperationsFunctions(HttpRoutes http)
{
    [Function(nameof(ApiRoutes.PostTelemetry))]
    public Task<IResult> PostTelemetryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/telemetry")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.PostTelemetry, request);

    [Function(nameof(ApiRoutes.GetSummary))]
    public Task<IResult> GetSummaryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/summary")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetSummary, request);

    [Function(nameof(ApiRoutes.ListEvents))]
    public Task<IResult> ListEventsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/events")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.ListEvents, request);

    [Function(nameof(ApiRoutes.ListAudit))]
    public Task<IResult> ListAuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/audit")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.ListAudit, request);

    [Function(nameof(ApiRoutes.HealthLive))]
    public Task<IResult> HealthLiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.HealthLive, request);

    [Function(nameof(ApiRoutes.HealthReady))]
    public Task<IResult> HealthReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.HealthReady, request);

    /// <summary>
    /// Any other route or method: a problem too. The host takes the first function, by name, whose route fits, so this
    /// one's name sorts last.
    /// </summary>
    [Function("UnknownRoute")]
    public Task<IResult> UnknownRouteAsync(
        [HttpTrigger(
            AuthorizationLevel.Anonymous,
            "get",
            "head",
            "put",
            "post",
            "delete",
            "patch",
            "options",
            Route = "{**path}"
        )]
            HttpRequest request
    ) => http.RunUnknownAsync(request);
}
