using DynamicSurplus.Api.Access;
using DynamicSurplus.Api.Health;
using static DynamicSurplus.Api.Access.Roles;

namespace DynamicSurplus.Api;

/// <summary>
/// The whole API, one line a route. Hosts map these and nothing else; tests and documentation read them.
/// </summary>
public static class ApiRoutes
{
    private const Roles Everyone = Operator | Customer | Auditor;
    private const Roles Overseers = Operator | Auditor;

    private static readonly string[] Page = ["limit", "cursor"];

    public static readonly ApiRoute PutFleet = Put(
        "/v1/fleets/{fleet}",
        Operator,
        (api, call) => api.Fleets.PutAsync(call)
    );

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        PutFleet,
        Get("/v1/fleets/{fleet}", Overseers, (api, call) => api.Fleets.GetAsync(call)),
        Delete("/v1/fleets/{fleet}", Operator, (api, call) => api.Fleets.DeleteAsync(call)),
        Get("/v1/fleets", Overseers, (api, call) => api.Fleets.ListAsync(call)) with
        {
            Query = Page,
        },
        Post("/v1/fleets/{fleet}/pause", Operator, (api, call) => api.Fleets.PauseAsync(call)),
        Post("/v1/fleets/{fleet}/resume", Operator, (api, call) => api.Fleets.ResumeAsync(call)),
        Post("/v1/telemetry", Operator, (api, call) => api.Telemetry.PostAsync(call)),
        Get("/v1/summary", Overseers, (api, call) => api.Summary.GetAsync(call)),
        Get("/v1/rates", Everyone, (api, call) => api.Rates.ListAsync(call)) with
        {
            Query = ["sku", "region", .. Page],
        },
        Get("/v1/rates/{fleet}", Everyone, (api, call) => api.Rates.GetAsync(call)),
        Get("/v1/rates/{fleet}/history", Everyone, (api, call) => api.Rates.HistoryAsync(call)) with
        {
            Query = ["from", "to", "format"],
        },
        Get("/v1/rates/{fleet}/explain", Everyone, (api, call) => api.Rates.ExplainAsync(call)),
        Once("/v1/quotes", Customer, (api, call) => api.Quotes.PostAsync(call)),
        Once("/v1/leases", Customer, (api, call) => api.Leases.PostAsync(call)),
        Get("/v1/leases", Everyone, (api, call) => api.Leases.ListAsync(call)) with
        {
            Query = ["tenant", .. Page],
        },
        Get("/v1/leases/{lease}", Everyone, (api, call) => api.Leases.GetAsync(call)),
        Get("/v1/leases/{lease}/events", Everyone, (api, call) => api.Leases.EventsAsync(call)) with
        {
            Query = ["after"],
        },
        Get("/v1/leases/{lease}/statement", Everyone, (api, call) => api.Leases.StatementAsync(call)),
        Once("/v1/leases/{lease}/end", Customer, (api, call) => api.Leases.EndAsync(call)),
        // An owner's controller that could not hand machines over at once says so here.
        Post("/v1/leases/{lease}/grant-confirmation", Operator, (api, call) => api.Leases.ConfirmGrantAsync(call)),
        Get("/health/live", None, (_, _) => HealthEndpoints.LiveAsync()),
        Get("/health/ready", None, (api, call) => api.Health.ReadyAsync(call)),
    ];

    private static ApiRoute Get(string pattern, Roles roles, Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle) =>
        new("GET", pattern, roles, handle);

    private static ApiRoute Put(string pattern, Roles roles, Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle) =>
        new("PUT", pattern, roles, handle);

    private static ApiRoute Post(string pattern, Roles roles, Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle) =>
        new("POST", pattern, roles, handle);

    private static ApiRoute Delete(string pattern, Roles roles, Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle) =>
        new("DELETE", pattern, roles, handle);

    private static ApiRoute Once(string pattern, Roles roles, Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle) =>
        Post(pattern, roles, handle) with
        {
            IsOnce = true,
        };
}
