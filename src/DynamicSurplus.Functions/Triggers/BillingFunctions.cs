using DynamicSurplus.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>Statements, the ledger and cost and usage files over HTTP.</summary>
public sealed class BillingFunctions(HttpRoutes http)
{
    [Function(nameof(ApiRoutes.GetBillingStatement))]
    public Task<IResult> GetBillingStatementAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/billing/statement")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetBillingStatement, request);

    [Function(nameof(ApiRoutes.GetBillingFocus))]
    public Task<IResult> GetBillingFocusAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/billing/focus")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetBillingFocus, request);

    [Function(nameof(ApiRoutes.GetBillingLedger))]
    public Task<IResult> GetBillingLedgerAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/billing/ledger")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetBillingLedger, request);
}
