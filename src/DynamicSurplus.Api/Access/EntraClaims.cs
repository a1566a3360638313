using DynamicSurplus.Api.Problems;
using DynamicSurplus.Measures;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DynamicSurplus.Api.Access;

/// <summary>What a token that was verified says of its bearer.</summary>
internal sealed class EntraClaims(EntraOptions options)
{
    private const string RolesClaim = "roles";

    /// <summary>The object, the subject or the application, whichever comes first: a directory reuses none.</summary>
    private static readonly string[] NameClaims = ["oid", "sub", "azp"];

    private static readonly Dictionary<string, Roles> AppRoles = new(StringComparer.Ordinal)
    {
        [nameof(Roles.Operator)] = Roles.Operator,
        [nameof(Roles.Customer)] = Roles.Customer,
        [nameof(Roles.Auditor)] = Roles.Auditor,
    };

    /// <summary>Null where the claim is missing, or there are several of it.</summary>
    public static string? TextOf(JsonWebToken token, string claim) =>
        token.Claims.Where(one => string.Equals(one.Type, claim, StringComparison.Ordinal)).ToArray() is [var only]
            ? only.Value
            : null;

    /// <summary>A customer's directory, or the operators'.</summary>
    public bool IsAllowed(string directory) =>
        IsHome(directory) || options.AllowedDirectories.Contains(directory, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ProblemException">The token says nothing by which its bearer may be served.</exception>
    public Caller CallerOf(JsonWebToken token)
    {
        var name =
            NameClaims.Select(claim => TextOf(token, claim)).FirstOrDefault(text => !string.IsNullOrEmpty(text))
            ?? throw TokenRefusal.Invalid("The token does not say whose it is");
        var role = RoleOf(token);
        if (role == Roles.Customer)
        {
            return new(name, role, TenantOf(token));
        }
        return !options.IsOfMany || IsHome(TextOf(token, EntraOptions.DirectoryClaim) ?? "")
            ? new(name, role, null)
            : throw TokenRefusal.Forbidden(
                $"The app role {role} counts only for members of the operators' own directory"
            );
    }

    private static Roles RoleOf(JsonWebToken token)
    {
        var held = token
            .Claims.Where(claim => string.Equals(claim.Type, RolesClaim, StringComparison.Ordinal))
            .Select(claim => AppRoles.GetValueOrDefault(claim.Value))
            .Where(role => role != Roles.None)
            .Distinct()
            .ToArray();
        var all = string.Join(", ", AppRoles.Keys);
        return held switch
        {
            [var only] => only,
            [] => throw TokenRefusal.Forbidden($"The token has none of the app roles {all}: one is needed"),
            _ => throw TokenRefusal.Forbidden(
                $"The token has several of the app roles {all}: exactly one is needed, so that nobody is two at once"
            ),
        };
    }

    private bool IsHome(string directory) =>
        string.Equals(directory, options.HomeDirectory, StringComparison.OrdinalIgnoreCase);

    private TenantId TenantOf(JsonWebToken token)
    {
        var text = TextOf(token, options.TenantClaim);
        if (string.IsNullOrEmpty(text))
        {
            throw TokenRefusal.Forbidden(
                $"The token has no claim {options.TenantClaim}, which names a customer, or several"
            );
        }
        return TenantId.TryParse(text.ToLowerInvariant(), out var tenant)
            ? tenant
            : throw TokenRefusal.Forbidden(
                $"The claim {options.TenantClaim} of the token is no tenant id: {TenantId.Shape}"
            );
    }
}
