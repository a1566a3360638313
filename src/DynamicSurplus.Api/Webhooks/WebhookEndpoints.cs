using DynamicSurplus.Api.Events;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Webhooks;

namespace DynamicSurplus.Api.Webhooks;

/// <summary>Addresses that a tenant's events are sent to.</summary>
public sealed class WebhookEndpoints(ManageWebhooks manage, IWebhooks webhooks, IDeadLetters letters)
{
    private static readonly ApiAnswer NotFound = ProblemDocument.Answer(
        new(ProblemKinds.WebhookNotFound, "No webhook of yours has that id.")
    );

    /// <summary>201, and the secret, which nobody is shown again.</summary>
    public async Task<ApiAnswer> PostAsync(ApiCall call)
    {
        var document = RequestJson.Read(call.Body, ApiJson.Shared.WebhookRequestDocument);
        var errors = new FieldErrors();
        var url = errors.Required("url", document.Url?.OriginalString, "send the https address for the events");
        var types = Types(errors, document.Types ?? []);
        errors.ThrowIfAny();
        if (!manage.CanSign)
        {
            return ProblemDocument.Answer(
                new(ProblemKinds.NoSigningKey, "Whoever runs the service must set a webhook secret.")
            );
        }
        try
        {
            return Answer(await manage.CreateAsync(call.Tenant, document.Url!, types, call.CancellationToken));
        }
        catch (TargetRefusedException refused)
        {
            errors.Add("url", $"'{FieldErrors.Cut(url)}' {refused.Message}", "send an https address on the internet");
            errors.ThrowIfAny();
            throw;
        }
    }

    public async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var all = await webhooks.ListAsync(Query.OneTenant(call), call.CancellationToken);
        return ApiAnswer.Of(
            200,
            new WebhookListDocument([.. all.Select(stored => WebhookDocument.Of(stored.Value))]),
            ApiJson.Shared.WebhookListDocument
        );
    }

    public async Task<ApiAnswer> GetAsync(ApiCall call) =>
        await FindAsync(call) is { } webhook ? Answer(200, webhook) : NotFound;

    public async Task<ApiAnswer> DeleteAsync(ApiCall call) =>
        call.Webhook is { } id && await manage.DeleteAsync(call.Tenant, id, call.CancellationToken)
            ? ApiAnswer.Empty(204)
            : NotFound;

    /// <summary>What the receiver would not take, oldest first.</summary>
    public async Task<ApiAnswer> DeadLettersAsync(ApiCall call)
    {
        var request = call.Http.Request;
        var (after, limit) = (Query.Whole(request, "after") ?? 0, Query.Limit(request));
        if (await FindAsync(call) is not { } webhook)
        {
            return NotFound;
        }
        var page = await letters.ListAsync(webhook.Tenant, webhook.Id, after, limit, call.CancellationToken);
        var documents = page.Select(DeadLetterDocument.Of).ToList();
        return ApiAnswer.Of(
            200,
            new DeadLetterListDocument(documents, documents.Count == limit ? documents[^1].Cursor : null),
            ApiJson.Shared.DeadLetterListDocument
        );
    }

    /// <summary>202: they are sent again soon, in order. A webhook that was disabled goes on.</summary>
    public async Task<ApiAnswer> ReplayAsync(ApiCall call)
    {
        if (!call.Body.IsEmpty)
        {
            _ = RequestJson.Read(call.Body, ApiJson.Shared.NothingDocument);
        }
        return
            call.Webhook is { } id && await manage.ReplayAsync(call.Tenant, id, call.CancellationToken) is { } webhook
            ? Answer(202, webhook)
            : NotFound;
    }

    private static ApiAnswer Answer(WebhookMade made) =>
        made.Addition switch
        {
            WebhookAddition.Added => Answer(201, made.Webhook, made.Secret) with
            {
                Location = $"/v1/webhooks/{made.Webhook.Id}",
            },
            WebhookAddition.Exists => ProblemDocument.Answer(
                Problem.With(
                    ProblemKinds.WebhookExists,
                    "url",
                    $"is webhook {made.Webhook.Id} already",
                    "delete that one first, if it is its secret that you need"
                )
            ),
            _ => ProblemDocument.Answer(
                new(
                    ProblemKinds.TooManyWebhooks,
                    $"You have {ManageWebhooks.MostOfTenant}, the most: delete one first."
                )
            ),
        };

    private static ApiAnswer Answer(int status, Webhook webhook, string? secret = null) =>
        ApiAnswer.Of(status, WebhookDocument.Of(webhook, secret), ApiJson.Shared.WebhookDocument);

    private static EventTypes Types(FieldErrors errors, IReadOnlyList<string?> names)
    {
        foreach (
            var unknown in names.Where(name => !LeaseCloudEvent.Types.Contains(name, StringComparer.Ordinal)).Take(1)
        )
        {
            errors.Add(
                "types",
                $"'{FieldErrors.Cut(unknown ?? "null")}' is no type of event",
                $"send some of {string.Join(", ", LeaseCloudEvent.Types)}, or none for all"
            );
        }
        return EventTypes.Of(names.OfType<string>());
    }

    /// <summary>Null where there is none of the tenant's: another's looks the same.</summary>
    private async Task<Webhook?> FindAsync(ApiCall call)
    {
        var tenant = Query.OneTenant(call);
        return call.Webhook is { } id ? (await webhooks.FindAsync(tenant, id, call.CancellationToken))?.Value : null;
    }
}
