using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Api.Wire;

/// <summary>One line of the record of what operators do, and of what the service puts right.</summary>
/// <param name="Intent">Of an outcome: the entry that announced it.</param>
public sealed record AuditEntryDocument(
    string Id,
    AuditStage Stage,
    string? Intent,
    DateTimeOffset At,
    string Caller,
    string Role,
    string Action,
    string Target,
    string RequestId,
    string? TraceId,
    string? BodySha256,
    int? Status,
    string? Problem,
    string? Detail
)
{
    public static AuditEntryDocument Of(AuditEntry entry) =>
        new(
            entry.Id.ToString(),
            entry.Stage,
            entry.Intent?.ToString(),
            entry.At,
            entry.Caller,
            entry.Role,
            entry.Action,
            entry.Target,
            entry.RequestId,
            entry.TraceId,
            entry.BodySha256,
            entry.Status,
            entry.Problem,
            entry.Detail
        );
}
