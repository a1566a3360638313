using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api.Access;

/// <summary>What stands behind <c>Authorization: Bearer</c>.</summary>
internal static class BearerCredential
{
    private const string Scheme = "Bearer ";

    /// <returns>Null where there is no such header, or it is of another scheme.</returns>
    public static string? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim()
            : null;
    }
}
