using DynamicSurplus.Api.Access;

namespace DynamicSurplus.Api;

/// <summary>One line of the API.</summary>
/// <param name="Name">
/// Of the operation, in PascalCase, unique, and the same as its field of <see cref="ApiRoutes"/>: what a host names its
/// function after.
/// </param>
/// <param name="Method">In capitals.</param>
/// <param name="Pattern">
/// From the root, with <c>{fleet}</c>, <c>{lease}</c> and <c>{webhook}</c> for what varies.
/// </param>
/// <param name="Roles">Who is served; <see cref="Roles.None"/>: everybody, without a credential.</param>
public sealed record ApiRoute(
    string Name,
    string Method,
    string Pattern,
    Roles Roles,
    Func<ApiEndpoints, ApiCall, Task<ApiAnswer>> Handle
)
{
    /// <summary>Names of the query's parameters; any other is refused.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>A request is made once, whatever its retries: it carries an Idempotency-Key.</summary>
    public bool IsOnce { get; init; }

    /// <summary>Which of its caller's budgets a request takes from.</summary>
    public RequestKind Kind { get; init; } = Method is "GET" ? RequestKind.Read : RequestKind.Write;

    /// <summary>
    /// Why an operator's requests are not put on the audit record; null: they are, where they change something.
    /// </summary>
    public string? UnauditedBecause { get; init; }

    /// <summary>An operator's request is on the audit record: it may change something.</summary>
    public bool IsAudited => Method is "POST" or "PUT" or "DELETE" && UnauditedBecause is null;

    public bool HasBody => Method is "POST" or "PUT";

    /// <summary>As a host maps it: what can be got has its headers alone too.</summary>
    public IReadOnlyList<string> Methods =>
        string.Equals(Method, "GET", StringComparison.Ordinal) ? ["GET", "HEAD"] : [Method];
}
