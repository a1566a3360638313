using System.Globalization;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api.Requests;

/// <summary>Reads a query's parameters; each may be there once.</summary>
internal static class Query
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    /// <summary>A parameter that is misspelt would otherwise be an answer to another question.</summary>
    /// <exception cref="ProblemException">A parameter is unknown, or there twice.</exception>
    public static void RequireKnown(HttpRequest request, IReadOnlyList<string> known)
    {
        if (!request.QueryString.HasValue)
        {
            return;
        }
        foreach (var (name, values) in request.Query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                var fix = known.Count == 0 ? "send no query" : $"send only {string.Join(", ", known)}";
                throw Malformed(FieldErrors.Cut(name), "is not known", fix);
            }
            if (values.Count > 1)
            {
                throw Malformed(name, "is there twice", "send each parameter once");
            }
        }
    }

    /// <summary>Null where it is missing or empty.</summary>
    public static string? Text(HttpRequest request, string name) =>
        request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Null where it is missing.</summary>
    public static bool? Flag(HttpRequest request, string name) =>
        Text(request, name) switch
        {
            null => null,
            "true" => true,
            "false" => false,
            _ => throw Malformed(name, "is neither true nor false", "say true or false, or leave it out"),
        };

    /// <summary>Length of a page, 1 to 1,000. Default 100.</summary>
    public static int Limit(HttpRequest request) =>
        Whole(request, "limit") switch
        {
            null => DefaultLimit,
            >= 1 and <= MaxLimit and var limit => (int)limit,
            _ => throw Malformed("limit", "is out of range", $"send 1 to {MaxLimit}"),
        };

    /// <summary>Where the previous page of fleets ended; null: from the start.</summary>
    public static FleetId? FleetCursor(HttpRequest request) =>
        Text(request, "cursor") is not { } text ? null
        : FleetId.TryParse(text, out var id) ? id
        : throw NoCursor(text);

    /// <summary>Where the previous page of leases ended; null: from the start.</summary>
    public static string? LeaseCursor(HttpRequest request)
    {
        if (Text(request, "cursor") is not { } text)
        {
            return null;
        }
        try
        {
            return Engine.Ports.LeaseCursor.Parse(text).ToString();
        }
        catch (FormatException)
        {
            throw NoCursor(text);
        }
    }

    /// <summary>Where the previous page of audit entries ended; null: from the start.</summary>
    public static AuditId? AuditCursor(HttpRequest request) =>
        Text(request, "cursor") is not { } text ? null
        : AuditId.TryParse(text, out var id) ? id
        : throw NoCursor(text);

    public static TenantId? Tenant(HttpRequest request) =>
        Text(request, "tenant") is not { } text ? null
        : TenantId.TryParse(text, out var id) ? id
        : throw Malformed("tenant", $"'{FieldErrors.Cut(text)}' is no tenant id", $"send {TenantId.Shape}");

    /// <summary>The caller's own; for those who see all, the <c>tenant</c> that they name.</summary>
    /// <exception cref="ProblemException">It is another's, or those who see all name none.</exception>
    public static TenantId OneTenant(ApiCall call)
    {
        var tenant =
            Tenant(call.Http.Request)
            ?? call.Caller.Tenant
            ?? throw Malformed("tenant", "is missing", "say whose: each tenant has its own");
        return call.Caller.MaySee(tenant)
            ? tenant
            : throw new ProblemException(
                Problem.With(
                    ProblemKinds.Forbidden,
                    "tenant",
                    "is another's",
                    "leave it out: the credential says whose"
                )
            );
    }

    /// <summary>0 or more; null where it is missing.</summary>
    public static long? Whole(HttpRequest request, string name) =>
        Text(request, name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Malformed(name, $"'{FieldErrors.Cut(text)}' is no whole number", "send digits");

    public static DateTimeOffset? Instant(HttpRequest request, string name) =>
        Text(request, name) is not { } text ? null
        : InstantConverter.TryParse(text, out var instant) ? instant
        : throw Malformed(
            name,
            $"'{FieldErrors.Cut(text)}' is no instant",
            "send ISO-8601 with Z or an offset (its + as %2B), such as 2026-08-22T10:00:00Z"
        );

    public static ProblemException Malformed(string field, string problem, string fix) =>
        new(Problem.With(ProblemKinds.MalformedRequest, field, problem, fix));

    private static ProblemException NoCursor(string text) =>
        Malformed("cursor", $"'{FieldErrors.Cut(text)}' is none", "send what the previous page gave as next");
}
