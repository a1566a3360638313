using DynamicSurplus.Api;
using DynamicSurplus.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>
/// From a function to the API's own pipeline: credentials, roles, limits and problems are there, as in every host.
/// Functions ask for no key of the platform's: a function key is no credential of a customer's.
/// </summary>
public sealed class HttpRoutes(ApiPipeline pipeline, DurableClientScope durable)
{
    public Task<IResult> RunAsync(ApiRoute route, HttpRequest request) => pipeline.RunAsync(route, request.HttpContext);

    /// <param name="client">Tells a lease's orchestration of what the request changes.</param>
    public async Task<IResult> RunAsync(ApiRoute route, HttpRequest request, DurableTaskClient client)
    {
        using var scope = durable.Enter(client);
        return await pipeline.RunAsync(route, request.HttpContext);
    }

    public Task<IResult> RunUnknownAsync(HttpRequest request) => pipeline.RunUnknownAsync(request.HttpContext);
}
