using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Api.Leases;

/// <summary>Leases, from their acceptance to their statement.</summary>
public sealed class LeaseEndpoints(
    QuoteEndpoints quotes,
    HandleLeaseCommand handle,
    LeaseAccess access,
    ReadLeaseEvents events,
    TenantLimits limits,
    ILeaseViews views,
    EngineClock clock,
    EngineOptions options
)
{
    private const int LongestDetail = 500;

    /// <summary>Accepts a quote, or asks for one and accepts it at once: 201, or the refusal of either.</summary>
    public async Task<ApiAnswer> PostAsync(ApiCall call)
    {
        var document = RequestJson.Read(call.Body, ApiJson.Shared.QuoteRequestDocument);
        if (document.QuoteId is not { } quote)
        {
            var (held, refused) = await quotes.QuoteAsync(call, document);
            return refused ?? await AcceptAsync(call, held!.State);
        }
        if (document != new QuoteRequestDocument(quote))
        {
            throw Query.Malformed("quoteId", "comes with other members", "send quoteId alone: its terms are bound");
        }
        return LeaseId.TryParse(quote, out var id) && await access.FindAsync(call, id) is { } state
            ? await AcceptAsync(call, state)
            : LeaseAnswers.NotFound;
    }

    /// <summary>
    /// The caller's own leases; for those who see all, everybody's or one <c>tenant</c>'s. By tenant and id.
    /// </summary>
    public async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var request = call.Http.Request;
        var tenant = Query.Tenant(request) ?? call.Caller.Tenant;
        if (tenant is { } wanted && !call.Caller.MaySee(wanted))
        {
            return ProblemDocument.Answer(
                Problem.With(
                    ProblemKinds.Forbidden,
                    "tenant",
                    "is another's",
                    "leave it out: the credential says whose leases"
                )
            );
        }
        var cursor = Query.LeaseCursor(request);
        var page = await views.ListAsync(tenant, cursor, Query.Limit(request), call.CancellationToken);
        return ApiAnswer.Of(
            200,
            new LeaseListDocument([.. page.Leases.Select(LeaseAnswers.Row)], page.Next),
            ApiJson.Shared.LeaseListDocument
        );
    }

    public async Task<ApiAnswer> GetAsync(ApiCall call) =>
        await access.FindAsync(call, call.Lease) is { } state
            ? LeaseAnswers.Of(200, state.Lease, clock, options)
            : LeaseAnswers.NotFound;

    /// <summary>
    /// All events, or those after version <c>after</c>. A reclaim notice is sent when it can be read here.
    /// </summary>
    public async Task<ApiAnswer> EventsAsync(ApiCall call)
    {
        var after = Query.Whole(call.Http.Request, "after") ?? 0;
        if (await access.FindAsync(call, call.Lease) is not { } state)
        {
            return LeaseAnswers.NotFound;
        }
        var all = await events.RunAsync(state.Lease.Id, call.CancellationToken);
        return ApiAnswer.Of(
            200,
            new LeaseEventListDocument(
                state.Lease.Id.ToString(),
                [.. all.Where(e => e.Version > after).Select(LeaseEventDocument.Of)]
            ),
            ApiJson.Shared.LeaseEventListDocument
        );
    }

    public async Task<ApiAnswer> StatementAsync(ApiCall call)
    {
        if (await access.FindAsync(call, call.Lease) is not { } state)
        {
            return LeaseAnswers.NotFound;
        }
        var statement = LeaseStatement.Of(state.Lease, clock.UtcNow);
        return ApiAnswer.Of(200, LeaseAnswers.Statement(state.Lease, statement), ApiJson.Shared.StatementDocument);
    }

    /// <summary>The customer has no more use for it: a quote lapses, a lease ends.</summary>
    public async Task<ApiAnswer> EndAsync(ApiCall call)
    {
        if (!call.Body.IsEmpty)
        {
            _ = RequestJson.Read(call.Body, ApiJson.Shared.NothingDocument);
        }
        return await access.FindAsync(call, call.Lease) is { } state
            ? await CommandAsync(
                call,
                state,
                new LeaseCommand.End(LeaseAccess.CommandOf(call, "end"), call.ArrivedAt, clock.Tick),
                200
            )
            : LeaseAnswers.NotFound;
    }

    /// <summary>Repeats change nothing: the first word stands.</summary>
    public async Task<ApiAnswer> ConfirmGrantAsync(ApiCall call)
    {
        var document = RequestJson.Read(call.Body, ApiJson.Shared.GrantConfirmationDocument);
        var errors = new FieldErrors();
        if (document.Granted is null)
        {
            errors.Add("granted", "is missing", "say true or false");
        }
        if (document.Detail is { Length: > LongestDetail })
        {
            errors.Add("detail", "is too long", $"use at most {LongestDetail} characters");
        }
        errors.ThrowIfAny();
        if (await access.FindAsync(call, call.Lease) is not { } state)
        {
            return LeaseAnswers.NotFound;
        }
        LeaseCommand command =
            document.Granted == true
                ? new LeaseCommand.ConfirmGrant(CommandId.From("grant-confirmed"), call.ArrivedAt, clock.Tick)
                : new LeaseCommand.RefuseGrant(
                    CommandId.From("grant-refused"),
                    call.ArrivedAt,
                    clock.Tick,
                    document.Detail ?? "the owner's controller refused"
                );
        return await CommandAsync(call, state, command, 200);
    }

    /// <summary>Judged by when the request arrived.</summary>
    private async Task<ApiAnswer> AcceptAsync(ApiCall call, LeaseState state)
    {
        var accept = new LeaseCommand.Accept(LeaseAccess.CommandOf(call, "accept"), call.ArrivedAt, clock.Tick);
        var answer = await CommandAsync(call, state, accept, 201);
        return answer.Status == 201 ? answer with { Location = $"/v1/leases/{state.Lease.Id}" } : answer;
    }

    private async Task<ApiAnswer> CommandAsync(ApiCall call, LeaseState state, LeaseCommand command, int status)
    {
        var outcome = await handle.RunAsync(state, command, call.CancellationToken);
        if (state.Lease.Status == LeaseStatus.Held && outcome.Lease.Status != LeaseStatus.Held)
        {
            // Afterwards, so that nobody can have a hold that does not count.
            await limits.FreeAsync(state.Lease.Terms!.Tenant, state.Lease.Id, call.CancellationToken);
        }
        return outcome.Refusal is { } refusal
            ? LeaseAnswers.Of(refusal)
            : LeaseAnswers.Of(status, outcome.State.Lease, clock, options);
    }
}
