using DynamicSurplus.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>The operators' fleets over HTTP.</summary>
public sealed class FleetFunctions(HttpRoutes http)
{
    [Function(nameof(ApiRoutes.PutFleet))]
    public Task<IResult> PutFleetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "v1/fleets/{fleet}")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.PutFleet, request);

    [Function(nameof(ApiRoutes.GetFleet))]
    public Task<IResult> GetFleetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/fleets/{fleet}")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetFleet, request);

    [Function(nameof(ApiRoutes.DeleteFleet))]
    public Task<IResult> DeleteFleetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "v1/fleets/{fleet}")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.DeleteFleet, request);

    [Function(nameof(ApiRoutes.ListFleets))]
    public Task<IResult> ListFleetsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/fleets")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.ListFleets, request);

    [Function(nameof(ApiRoutes.PauseFleet))]
    public Task<IResult> PauseFleetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/fleets/{fleet}/pause")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.PauseFleet, request);

    [Function(nameof(ApiRoutes.ResumeFleet))]
    public Task<IResult> ResumeFleetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/fleets/{fleet}/resume")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.ResumeFleet, request);

    [Function(nameof(ApiRoutes.ReclaimFleet))]
    public Task<IResult> ReclaimFleetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/fleets/{fleet}/reclaim")] HttpRequest request,
        [DurableClient] DurableTaskClient client
    ) => http.RunAsync(ApiRoutes.ReclaimFleet, request, client);
}
