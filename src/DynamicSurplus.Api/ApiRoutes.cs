using System.Runtime.CompilerServices;
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

    public static readonly ApiRoute GetFleet = Get(
        "/v1/fleets/{fleet}",
        Overseers,
        (api, call) => api.Fleets.GetAsync(call)
    );

    public static readonly ApiRoute DeleteFleet = Delete(
        "/v1/fleets/{fleet}",
        Operator,
        (api, call) => api.Fleets.DeleteAsync(call)
    );

    public static readonly ApiRoute ListFleets = Get(
        "/v1/fleets",
        Overseers,
        (api, call) => api.Fleets.ListAsync(call)
    ) with
    {
        Query = Page,
    };

    public static readonly ApiRoute PauseFleet = Post(
        "/v1/fleets/{fleet}/pause",
        Operator,
        (api, call) => api.Fleets.PauseAsync(call)
    );

    public static readonly ApiRoute ResumeFleet = Post(
        "/v1/fleets/{fleet}/resume",
        Operator,
        (api, call) => api.Fleets.ResumeAsync(call)
    );

    /// <summary>Takes GPUs back with notice: first the plan, then what it says.</summary>
    public static readonly ApiRoute ReclaimFleet = Post(
        "/v1/fleets/{fleet}/reclaim",
        Operator,
        (api, call) => api.Reclaims.PostAsync(call)
    ) with
    {
        Query = ["dryRun"],
    };

    public static readonly ApiRoute PostTelemetry = Post(
        "/v1/telemetry",
        Operator,
        (api, call) => api.Telemetry.PostAsync(call)
    ) with
    {
        Kind = RequestKind.Telemetry,
        UnauditedBecause = "machines send it all day, and the ticks' records hold what came of it",
    };

    public static readonly ApiRoute GetSummary = Get(
        "/v1/summary",
        Overseers,
        (api, call) => api.Summary.GetAsync(call)
    );

    public static readonly ApiRoute ListRates = Get(
        "/v1/rates",
        Everyone,
        (api, call) => api.Rates.ListAsync(call)
    ) with
    {
        Query = ["sku", "region", .. Page],
    };

    public static readonly ApiRoute GetRate = Get(
        "/v1/rates/{fleet}",
        Everyone,
        (api, call) => api.Rates.GetAsync(call)
    );

    public static readonly ApiRoute GetRateHistory = Get(
        "/v1/rates/{fleet}/history",
        Everyone,
        (api, call) => api.Rates.HistoryAsync(call)
    ) with
    {
        Query = ["from", "to", "format"],
    };

    public static readonly ApiRoute ExplainRate = Get(
        "/v1/rates/{fleet}/explain",
        Everyone,
        (api, call) => api.Rates.ExplainAsync(call)
    );

    public static readonly ApiRoute RequestQuote = Once(
        "/v1/quotes",
        Customer,
        (api, call) => api.Quotes.PostAsync(call)
    );

    public static readonly ApiRoute AcceptLease = Once(
        "/v1/leases",
        Customer,
        (api, call) => api.Leases.PostAsync(call)
    );

    public static readonly ApiRoute ListLeases = Get(
        "/v1/leases",
        Everyone,
        (api, call) => api.Leases.ListAsync(call)
    ) with
    {
        Query = ["tenant", .. Page],
    };

    public static readonly ApiRoute GetLease = Get(
        "/v1/leases/{lease}",
        Everyone,
        (api, call) => api.Leases.GetAsync(call)
    );

    public static readonly ApiRoute GetLeaseEvents = Get(
        "/v1/leases/{lease}/events",
        Everyone,
        (api, call) => api.Leases.EventsAsync(call)
    ) with
    {
        Query = ["after"],
    };

    public static readonly ApiRoute GetLeaseStatement = Get(
        "/v1/leases/{lease}/statement",
        Everyone,
        (api, call) => api.Leases.StatementAsync(call)
    );

    public static readonly ApiRoute EndLease = Once(
        "/v1/leases/{lease}/end",
        Customer,
        (api, call) => api.Leases.EndAsync(call)
    );

    /// <summary>Another term, at the rate of this moment.</summary>
    public static readonly ApiRoute RenewLease = Once(
        "/v1/leases/{lease}/renew",
        Customer,
        (api, call) => api.LeaseChanges.RenewAsync(call)
    );

    /// <summary>The sequence of a reclaim, flagged as a drill: it takes nothing.</summary>
    public static readonly ApiRoute SimulateReclaim = Once(
        "/v1/leases/{lease}/simulate-reclaim",
        Customer,
        (api, call) => api.LeaseChanges.SimulateReclaimAsync(call)
    );

    /// <summary>Usage that was heard of after a lease was settled.</summary>
    public static readonly ApiRoute CorrectLease = Post(
        "/v1/leases/{lease}/corrections",
        Operator,
        (api, call) => api.LeaseChanges.CorrectAsync(call)
    );

    /// <summary>An owner's controller that could not hand machines over at once says so here.</summary>
    public static readonly ApiRoute ConfirmGrant = Post(
        "/v1/leases/{lease}/grant-confirmation",
        Operator,
        (api, call) => api.Leases.ConfirmGrantAsync(call)
    );

    /// <summary>Cursor pages everywhere; server-sent on a host that keeps connections open.</summary>
    public static readonly ApiRoute ListEvents = Get(
        "/v1/events",
        Everyone,
        (api, call) => api.Events.ListAsync(call)
    ) with
    {
        Query = ["after", "limit", "type", "lease", "tenant"],
    };

    /// <summary>
    /// Without an Idempotency-Key: its answer, which has the secret, is not to be kept. An address is a webhook once.
    /// </summary>
    public static readonly ApiRoute CreateWebhook = Post(
        "/v1/webhooks",
        Customer,
        (api, call) => api.Webhooks.PostAsync(call)
    );

    public static readonly ApiRoute ListWebhooks = Get(
        "/v1/webhooks",
        Everyone,
        (api, call) => api.Webhooks.ListAsync(call)
    ) with
    {
        Query = ["tenant"],
    };

    public static readonly ApiRoute GetWebhook = Get(
        "/v1/webhooks/{webhook}",
        Everyone,
        (api, call) => api.Webhooks.GetAsync(call)
    ) with
    {
        Query = ["tenant"],
    };

    public static readonly ApiRoute DeleteWebhook = Delete(
        "/v1/webhooks/{webhook}",
        Customer,
        (api, call) => api.Webhooks.DeleteAsync(call)
    );

    public static readonly ApiRoute ListDeadLetters = Get(
        "/v1/webhooks/{webhook}/dead-letters",
        Everyone,
        (api, call) => api.Webhooks.DeadLettersAsync(call)
    ) with
    {
        Query = ["tenant", "after", "limit"],
    };

    public static readonly ApiRoute ReplayDeadLetters = Post(
        "/v1/webhooks/{webhook}/dead-letters/replay",
        Customer,
        (api, call) => api.Webhooks.ReplayAsync(call)
    );

    public static readonly ApiRoute ListAudit = Get(
        "/v1/audit",
        Overseers,
        (api, call) => api.Audit.ListAsync(call)
    ) with
    {
        Query = ["from", "to", .. Page],
    };

    public static readonly ApiRoute GetBillingStatement = Get(
        "/v1/billing/statement",
        Everyone,
        (api, call) => api.Billing.StatementAsync(call)
    ) with
    {
        Query = ["period", "tenant", .. Page],
    };

    public static readonly ApiRoute GetBillingFocus = Get(
        "/v1/billing/focus",
        Everyone,
        (api, call) => api.Billing.FocusAsync(call)
    ) with
    {
        Query = ["period", "tenant", .. Page],
    };

    public static readonly ApiRoute GetBillingLedger = Get(
        "/v1/billing/ledger",
        Overseers,
        (api, call) => api.Billing.LedgerAsync(call)
    ) with
    {
        Query = ["period", .. Page],
    };

    public static readonly ApiRoute HealthLive = Get("/health/live", None, (_, _) => HealthEndpoints.LiveAsync());

    public static readonly ApiRoute HealthReady = Get(
        "/health/ready",
        None,
        (api, call) => api.Health.ReadyAsync(call)
    );

    /// <summary>Every route above.</summary>
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        PutFleet,
        GetFleet,
        DeleteFleet,
        ListFleets,
        PauseFleet,
        ResumeFleet,
        ReclaimFleet,
        PostTelemetry,
        GetSummary,
        ListRates,
        GetRate,
        GetRateHistory,
        ExplainRate,
        RequestQuote,
        AcceptLease,
        ListLeases,
        GetLease,
        GetLeaseEvents,
        GetLeaseStatement,
        EndLease,
        RenewLease,
        SimulateReclaim,
        CorrectLease,
        ConfirmGrant,
        ListEvents,
        CreateWebhook,
        ListWebhooks,
        GetWebhook,
        DeleteWebhook,
        ListDeadLetters,
        ReplayDeadLetters,
        ListAudit,
        GetBillingStatement,
        GetBillingFocus,
        GetBillingLedger,
        HealthLive,
        HealthReady,
    ];

    private static ApiRoute Get(
        string pattern,
        Roles roles,
        Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle,
        [CallerMemberName] string name = ""
    ) => new(name, "GET", pattern, roles, handle);

    private static ApiRoute Put(
        string pattern,
        Roles roles,
        Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle,
        [CallerMemberName] string name = ""
    ) => new(name, "PUT", pattern, roles, handle);

    private static ApiRoute Post(
        string pattern,
        Roles roles,
        Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle,
        [CallerMemberName] string name = ""
    ) => new(name, "POST", pattern, roles, handle);

    private static ApiRoute Delete(
        string pattern,
        Roles roles,
        Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle,
        [CallerMemberName] string name = ""
    ) => new(name, "DELETE", pattern, roles, handle);

    private static ApiRoute Once(
        string pattern,
        Roles roles,
        Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> handle,
        [CallerMemberName] string name = ""
    ) => new(name, "POST", pattern, roles, handle) { IsOnce = true };
}
