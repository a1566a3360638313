using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Api.Auditing;

/// <summary>The record of what operators did, for those who look after them.</summary>
public sealed class AuditEndpoints(IAuditLog log, WallClock wall)
{
    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(1);

    /// <summary>
    /// What was done from <c>from</c> (default a day before <c>to</c>) until before <c>to</c> (default: all), the
    /// newest last.
    /// </summary>
    public async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var request = call.Http.Request;
        var to = Query.Instant(request, "to");
        var from = Query.Instant(request, "from") ?? (to ?? wall.Time.GetUtcNow()) - DefaultRange;
        if (from > to)
        {
            var errors = new FieldErrors();
            errors.Add("from", "is after to", "send from before to");
            errors.ThrowIfAny();
        }
        var (limit, after) = (Query.Limit(request), Query.AuditCursor(request));
        var page = await log.ListAsync(from, to, after, limit, call.CancellationToken);
        return ApiAnswer.Of(
            200,
            new AuditListDocument([.. page.Entries.Select(AuditEntryDocument.Of)], page.Next?.ToString()),
            ApiJson.Shared.AuditListDocument
        );
    }
}
