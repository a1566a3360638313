using DynamicSurplus.Api.Access;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api;

/// <summary>A request that may be served: its caller is known and allowed, its body read.</summary>
/// <param name="Http">The request; the answer is written by whoever runs the route.</param>
/// <param name="ArrivedAt">On the engine's clock, before anything was done for it.</param>
/// <param name="Body">Unpacked; empty where the route takes none.</param>
/// <param name="Key">Null where the route asks for no Idempotency-Key.</param>
/// <param name="CancellationToken">Fires when the caller has gone, or the request has lived too long.</param>
public sealed record ApiCall(
    HttpContext Http,
    Caller Caller,
    DateTimeOffset ArrivedAt,
    ReadOnlyMemory<byte> Body,
    RequestKey? Key,
    CancellationToken CancellationToken
)
{
    /// <summary>Of a customer.</summary>
    /// <exception cref="InvalidOperationException">
    /// The caller has none: a customers' route serves somebody else too.
    /// </exception>
    public TenantId Tenant =>
        Caller.Tenant ?? throw new InvalidOperationException($"{Caller.Role} '{Caller.Name}' has no tenant.");

    /// <summary>The address's <c>{fleet}</c>.</summary>
    /// <exception cref="ProblemException">It has not the shape of a fleet id.</exception>
    public FleetId RequireFleet()
    {
        var text = (string?)Http.Request.RouteValues["fleet"] ?? "";
        return FleetId.TryParse(text, out var id)
            ? id
            : throw new ProblemException(
                Problem.With(
                    ProblemKinds.InvalidRequest,
                    "fleet",
                    $"'{FieldErrors.Cut(text)}' is no fleet id",
                    $"give {FleetId.Shape}"
                )
            );
    }

    /// <summary>
    /// The address's <c>{lease}</c>; null where it cannot be a lease's id, so that there is no such lease.
    /// </summary>
    public LeaseId? Lease => LeaseId.TryParse((string?)Http.Request.RouteValues["lease"], out var id) ? id : null;

    /// <summary>
    /// The address's <c>{webhook}</c>; null where it cannot be a webhook's id, so that there is no such webhook.
    /// </summary>
    public WebhookId? Webhook =>
        WebhookId.TryParse((string?)Http.Request.RouteValues["webhook"], out var id) ? id : null;
}
