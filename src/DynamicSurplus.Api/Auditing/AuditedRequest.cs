using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Api.Auditing;

/// <summary>
/// What is recorded of one request: an intent before anything is done, and how it ended. Nothing, unless an operator
/// asks for a change.
/// </summary>
internal sealed partial class AuditedRequest(
    IAuditLog log,
    TimeProvider wall,
    ILogger logger,
    ApiRoute route,
    HttpContext http
)
{
    private const int RetryAfterSeconds = 5;

    /// <summary>
    /// Wall time for the last entry: whoever asked may be gone, and the entry must be written all the same.
    /// </summary>
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(5);

    private Caller? _operator;
    private AuditId? _intent;
    private string? _bodySha256;

    /// <summary>From here on the request is on the record, if it is one to be recorded.</summary>
    public void Authenticated(Caller caller) =>
        _operator = caller.Role == Roles.Operator && route.IsAudited ? caller : null;

    /// <summary>Announces what the handler is about to do.</summary>
    /// <exception cref="ProblemException">The entry could not be written: the handler must not run.</exception>
    public async Task IntendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (_operator is null)
        {
            return;
        }
        _bodySha256 = body.IsEmpty ? null : Convert.ToHexStringLower(SHA256.HashData(body.Span));
        // Known before it is written: an entry whose answer is lost may be there, and then its outcome names it.
        var id = AuditId.New(wall.GetUtcNow());
        _intent = id;
        try
        {
            await log.AppendAsync(Entry(id, intent: null, answer: null), cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotIntended(failure, route.Name, http.TraceIdentifier);
            throw new ProblemException(NotRecorded());
        }
    }

    /// <summary>Says how it ended.</summary>
    /// <returns>The answer to give: another where nothing was begun and not even that could be recorded.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "What was done stays done; the log says what is missing.")]
    public async Task<ApiAnswer> CloseAsync(ApiAnswer answer)
    {
        if (_operator is null)
        {
            return answer;
        }
        var now = wall.GetUtcNow();
        var entry = Entry(_intent?.Next(now) ?? AuditId.New(now), _intent, answer);
        using var time = new CancellationTokenSource(CloseTime, wall);
        try
        {
            await log.AppendAsync(entry, time.Token);
            return answer;
        }
        catch (Exception failure)
        {
            if (_intent is { } intent)
            {
                OutcomeUnknown(failure, intent, route.Name, answer.Status, http.TraceIdentifier);
                return answer;
            }
            NotRefused(failure, route.Name, answer.Status, http.TraceIdentifier);
            return ProblemDocument.Answer(NotRecorded());
        }
    }

    private AuditEntry Entry(AuditId id, AuditId? intent, ApiAnswer? answer) =>
        new(
            id,
            intent,
            _operator!.Name,
            Roles.Operator.ToString().ToLowerInvariant(),
            $"{route.Method} {route.Pattern}",
            http.Request.Path.Value ?? "/",
            http.TraceIdentifier,
            Activity.Current?.TraceId.ToHexString(),
            _bodySha256,
            answer?.Status,
            answer?.ProblemType
        );

    private static Problem NotRecorded() =>
        new(ProblemKinds.NotRecorded, "Every operator's action is recorded before it is done, and this could not be.")
        {
            RetryAfterSeconds = RetryAfterSeconds,
        };

    [LoggerMessage(LogLevel.Error, "{Operation} was not done: its audit entry could not be written, traceId {TraceId}")]
    private partial void NotIntended(Exception failure, string operation, string traceId);

    [LoggerMessage(
        LogLevel.Error,
        "{Operation} was refused with {Status}, and its audit entry could not be written, traceId {TraceId}"
    )]
    private partial void NotRefused(Exception failure, string operation, int status, string traceId);

    [LoggerMessage(
        LogLevel.Error,
        "Audit entry {Intent} has no outcome, which could not be written: {Operation} gave {Status}, traceId {TraceId}"
    )]
    private partial void OutcomeUnknown(
        Exception failure,
        AuditId intent,
        string operation,
        int status,
        string traceId
    );
}
