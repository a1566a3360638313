using DynamicSurplus.Api;
using DynamicSurplus.Engine.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DynamicSurplus.Functions.Triggers;

/// <summary>Webhooks over HTTP, and the timer that delivers to them.</summary>
public sealed class WebhookFunctions(HttpRoutes http, DeliverWebhooks deliver)
{
    /// <summary>
    /// A timer runs on one instance at a time. Where two overlap all the same, each webhook's claim decides.
    /// </summary>
    [Function("DeliverWebhooks")]
    public async Task DeliverAsync(
        [TimerTrigger("%WebhookSchedule%")] TimerInfo timer,
        CancellationToken cancellationToken
    )
    {
        while (await deliver.RunAsync(cancellationToken) > 0) { }
    }

    [Function(nameof(ApiRoutes.CreateWebhook))]
    public Task<IResult> CreateWebhookAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/webhooks")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.CreateWebhook, request);

    [Function(nameof(ApiRoutes.ListWebhooks))]
    public Task<IResult> ListWebhooksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/webhooks")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.ListWebhooks, request);

    [Function(nameof(ApiRoutes.GetWebhook))]
    public Task<IResult> GetWebhookAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/webhooks/{webhook}")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.GetWebhook, request);

    [Function(nameof(ApiRoutes.DeleteWebhook))]
    public Task<IResult> DeleteWebhookAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "v1/webhooks/{webhook}")] HttpRequest request
    ) => http.RunAsync(ApiRoutes.DeleteWebhook, request);

    [Function(nameof(ApiRoutes.ListDeadLetters))]
    public Task<IResult> ListDeadLettersAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/webhooks/{webhook}/dead-letters")]
            HttpRequest request
    ) => http.RunAsync(ApiRoutes.ListDeadLetters, request);

    [Function(nameof(ApiRoutes.ReplayDeadLetters))]
    public Task<IResult> ReplayDeadLettersAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/webhooks/{webhook}/dead-letters/replay")]
            HttpRequest request
    ) => http.RunAsync(ApiRoutes.ReplayDeadLetters, request);
}
