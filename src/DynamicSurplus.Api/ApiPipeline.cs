using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Api.Auditing;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Api;

/// <summary>
/// What every request passes, in any host: who is it, has it not had too much, may it, what does it say, is it
/// recorded, once only; and every failure is a problem.
/// </summary>
public sealed partial class ApiPipeline(
    IEnumerable<ICallerSource> callerSources,
    RequestMeter meter,
    ApiEndpoints endpoints,
    OnceOnly once,
    AuditTrail trail,
    EngineClock clock,
    EngineOptions options,
    WallClock wall,
    ILogger<ApiPipeline> logger
)
{
    private const int ClientClosedRequest = 499;

    /// <summary>
    /// Seconds until a retry, at the most: rivals told to wait are not to come back at once together.
    /// </summary>
    private const int MostAfterContention = 3;
    private const int MostAfterTrouble = 10;
    private static readonly Caller Nobody = new("", Roles.None, null);
    private readonly ICallerSource[] _callerSources = [.. callerSources];

    /// <summary>Serves a request for a route. Throws nothing: what goes wrong is the answer.</summary>
    public async Task<IResult> RunAsync(ApiRoute route, HttpContext http)
    {
        var audited = trail.Begin(route, http);
        return await audited.CloseAsync(await AnswerAsync(route, http, audited));
    }

    /// <summary>Answers what no route serves: a host's catch-all. Throws nothing.</summary>
    public Task<IResult> RunUnknownAsync(HttpContext http)
    {
        if (UnknownRoutes.IsFleetWithSlash(http.Request, out var id))
        {
            http.Request.RouteValues["fleet"] = id;
            return RunAsync(ApiRoutes.PutFleet, http);
        }
        return Task.FromResult<IResult>(ProblemDocument.Answer(UnknownRoutes.ProblemOf(http.Request)));
    }

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "Whatever fails, its caller gets an answer and its operator a log."
    )]
    private async Task<ApiAnswer> AnswerAsync(ApiRoute route, HttpContext http, AuditedRequest audited)
    {
        var arrivedAt = clock.UtcNow;
        // A claim on an Idempotency-Key outlives no request, so no request outlives this.
        using var time = new CancellationTokenSource(options.RequestLife / options.Speed, wall.Time);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, time.Token);
        try
        {
            return await ServeAsync(route, http, arrivedAt, audited, life.Token);
        }
        catch (ProblemException unreadable)
        {
            return ProblemDocument.Answer(unreadable.Problem);
        }
        catch (BadHttpRequestException broken)
        {
            return ProblemDocument.Answer(new(ProblemKinds.MalformedRequest, broken.Message));
        }
        catch (ContendedException contended)
        {
            return ProblemDocument.Answer(
                new(ProblemKinds.Contended, contended.Message) { RetryAfterSeconds = SomeSeconds(MostAfterContention) }
            );
        }
        catch (UnavailableException unavailable)
        {
            Unavailable(unavailable, route.Method, route.Pattern);
            return ProblemDocument.Answer(
                new(
                    ProblemKinds.Unavailable,
                    "What was asked may be done, or not: a retry with the same key finds out."
                )
                {
                    RetryAfterSeconds = SomeSeconds(MostAfterTrouble),
                }
            );
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return ApiAnswer.Empty(ClientClosedRequest);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            return ProblemDocument.Answer(
                new(ProblemKinds.TimedOut, "Nothing is half-done: a retry goes on from here.") { RetryAfterSeconds = 1 }
            );
        }
        catch (Exception failure)
        {
            Failed(failure, route.Method, route.Pattern, http.TraceIdentifier);
            return ProblemDocument.Answer(
                new(ProblemKinds.Internal, "The failure is in the service's log, under the traceId.")
                {
                    TraceId = http.TraceIdentifier,
                }
            );
        }
    }

    private async Task<ApiAnswer> ServeAsync(
        ApiRoute route,
        HttpContext http,
        DateTimeOffset arrivedAt,
        AuditedRequest audited,
        CancellationToken cancellationToken
    )
    {
        var caller = Nobody;
        if (route.Roles != Roles.None)
        {
            if (meter.CheckStranger(http) is { } shut)
            {
                return ProblemDocument.Answer(shut);
            }
            if (await FindCallerAsync(http.Request, cancellationToken) is not { } known)
            {
                meter.CountStranger(http);
                return ProblemDocument.Answer(Unauthenticated(http.Request));
            }
            if (meter.Take(route.Kind, known) is { } tooMany)
            {
                return ProblemDocument.Answer(tooMany); // and no audit entry: floods are not for the record
            }
            audited.Authenticated(known);
            if (!route.Roles.HasFlag(known.Role))
            {
                return ProblemDocument.Answer(Forbidden(route, known));
            }
            caller = known;
        }
        Query.RequireKnown(http.Request, route.Query);
        var body = route.HasBody
            ? await RequestBody.ReadAsync(http.Request, cancellationToken)
            : ReadOnlyMemory<byte>.Empty;
        var key = route.IsOnce ? RequestKey.Of(http.Request, body) : null;
        await audited.IntendAsync(body, cancellationToken);
        var call = new ApiCall(http, caller, arrivedAt, body, key, cancellationToken);
        return route.IsOnce
            ? await once.RunAsync(call, () => route.Handle(endpoints, call))
            : await route.Handle(endpoints, call);
    }

    private async ValueTask<Caller?> FindCallerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var source in _callerSources)
            {
                if (await source.FindAsync(request, cancellationToken) is { } caller)
                {
                    return caller;
                }
            }
            return null;
        }
        catch (ProblemException refused) when (refused.Problem.Kind != ProblemKinds.NoSigningKeys)
        {
            meter.CountStranger(request.HttpContext);
            throw;
        }
    }

    private Problem Unauthenticated(HttpRequest request)
    {
        var presented = request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey(ApiKeys.Header);
        var accepted = _callerSources.Select(source => source.Invitation).OfType<string>().ToArray();
        var problem =
            presented ? "The credential is not known, or no longer valid."
            : accepted.Length > 0 ? $"Send {string.Join(", or ", accepted)}."
            : "Nobody is known here: the service has no keys, and no identity provider.";
        return new(ProblemKinds.Unauthenticated, problem)
        {
            Headers = [presented ? Challenge.InvalidToken() : Challenge.Plain],
        };
    }

    private static Problem Forbidden(ApiRoute route, Caller caller) =>
        new(
            ProblemKinds.Forbidden,
            $"{route.Method} {route.Pattern} is for {Words(route.Roles)}; the caller's role is {Words(caller.Role)}."
        );

    private static int SomeSeconds(int most) => RandomNumberGenerator.GetInt32(1, most + 1);

    private static string Words(Roles roles) => roles.ToString().ToLowerInvariant();

    [LoggerMessage(LogLevel.Warning, "{Method} {Pattern} was given up, storage does not answer.")]
    private partial void Unavailable(Exception failure, string method, string pattern);

    [LoggerMessage(LogLevel.Error, "{Method} {Pattern} failed, traceId {TraceId}")]
    private partial void Failed(Exception failure, string method, string pattern, string traceId);
}
