using DynamicSurplus.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>Quotes and leases over HTTP. Those that change a lease have the durable client with them.</summary>
public sealed class LeaseFunctions(HttpRoutes http)
{
    [Function(nameof(ApiRoutes.RequestQuote))]
    public Task<IResult> RequestQuoteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/quotes")] HttpRequest request,
        [DurableClient] DurableTaskClient client
    ) => http.RunAsync(ApiRoutes.RequestQuote, request, client);

    [Function(nameof(ApiRoutes.AcceptLease))]
    public Task<IResult> AcceptLeaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/leases")] HttpRequest request,
        [DurableClient] DurableTaskClient client
    ) => http.RunAsync(ApiRoutes.AcceptLease, request, client);

    [Function(nameof(ApiRoutes.ListLeases))]
    public Task<IResult> ListLeasesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/leases")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.ListLeases, request);

    [Function(nameof(ApiRoutes.GetLease))]
    public Task<IResult> GetLeaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/leases/{lease}")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetLease, request);

    [Function(nameof(ApiRoutes.GetLeaseEvents))]
    public Task<IResult> GetLeaseEventsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/leases/{lease}/events")]
            HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetLeaseEvents, request);

    [Function(nameof(ApiRoutes.GetLeaseStatement))]
    public Task<IResult> GetLeaseStatementAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/leases/{lease}/statement")]
            HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetLeaseStatement, request);

    [Function(nameof(ApiRoutes.EndLease))]
    public Task<IResult> EndLeaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/leases/{lease}/end")] HttpRequest request,
        [DurableClient] DurableTaskClient client
    ) => http.RunAsync(ApiRoutes.EndLease, request, client);

    [Function(nameof(ApiRoutes.ConfirmGrant))]
    public Task<IResult> ConfirmGrantAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/leases/{lease}/grant-confirmation")]
            HttpRequest request,
        [DurableClient] DurableTaskClient client
    ) => http.RunAsync(ApiRoutes.ConfirmGrant, request, client);

    [Function(nameof(ApiRoutes.RenewLease))]
    public Task<IResult> RenewLeaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/leases/{lease}/renew")] HttpRequest request,
        [DurableClient] DurableTaskClient client
    ) => http.RunAsync(ApiRoutes.RenewLease, request, client);

    [Function(nameof(ApiRoutes.SimulateReclaim))]
    public Task<IResult> SimulateReclaimAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/leases/{lease}/simulate-reclaim")]
            HttpRequest request,
        [DurableClient] DurableTaskClient client
    ) => http.RunAsync(ApiRoutes.SimulateReclaim, request, client);

    [Function(nameof(ApiRoutes.CorrectLease))]
    public Task<IResult> CorrectLeaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/leases/{lease}/corrections")]
            HttpRequest request,
        [DurableClient] DurableTaskClient client
    ) => http.RunAsync(ApiRoutes.CorrectLease, request, client);
}
