using DynamicSurplus.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>Rates over HTTP.</summary>
public sealed class RateFunctions(HttpRoutes http)
{
    [Function(nameof(ApiRoutes.ListRates))]
    public Task<IResult> ListRatesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/rates")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.ListRates, request);

    [Function(nameof(ApiRoutes.GetRate))]
    public Task<IResult> GetRateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/rates/{fleet}")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetRate, request);

    [Function(nameof(ApiRoutes.GetRateHistory))]
    public Task<IResult> GetRateHistoryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/rates/{fleet}/history")]
            HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetRateHistory, request);

    [Function(nameof(ApiRoutes.ExplainRate))]
    public Task<IResult> ExplainRateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/rates/{fleet}/explain")]
            HttpRequest request
    ) => http.RunAsync(ApiRoutes.ExplainRate, request);
}
