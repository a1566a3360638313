namespace DynamicSurplus.Engine.Ports;

/// <summary>One line of the record of what operators do, and of what the service puts right by itself.</summary>
/// <param name="Id">Tells the time as well.</param>
/// <param name="Intent">Of an outcome: the entry that announced it.</param>
/// <param name="Caller">As its credential names it.</param>
/// <param name="Role">In lower case.</param>
/// <param name="Action">Method and pattern, such as <c>PUT /v1/fleets/{fleet}</c>.</param>
/// <param name="Target">The path that was asked for.</param>
/// <param name="RequestId">As problems name it in <c>traceId</c>.</param>
/// <param name="TraceId">W3C trace id, 32 hex digits, where the process traces.</param>
/// <param name="BodySha256">Of the body as unpacked, hex; null where there was none, or it was not read.</param>
/// <param name="Status">HTTP status of the answer; null in an intent.</param>
/// <param name="Problem">Type of the problem that was the answer.</param>
/// <param name="Detail">In words, where the other members do not say it: what was found, and what it became.</param>
public sealed record AuditEntry(
    AuditId Id,
    AuditId? Intent,
    string Caller,
    string Role,
    string Action,
    string Target,
    string RequestId,
    string? TraceId,
    string? BodySha256,
    int? Status,
    string? Problem,
    string? Detail = null
)
{
    public DateTimeOffset At => Id.At;

    public AuditStage Stage =>
        Status is null ? AuditStage.Intent
        : Intent is null ? AuditStage.Refusal
        : AuditStage.Outcome;
}
