using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Access;

/// <summary>Whose tokens are accepted: an OpenID Connect provider's of Entra ID's second version.</summary>
/// <remarks>
/// An authority of one directory vouches for everybody in it: its own administrator gives out the app roles. One of
/// many (<c>…/common/v2.0</c>, <c>…/organizations/v2.0</c>) lets each customer's administrator give them out, in the
/// customer's directory. So operators and auditors then come from <see cref="HomeDirectory"/> alone, and a customer is
/// known by nothing but its directory.
/// </remarks>
public sealed record EntraOptions
{
    public const string DirectoryClaim = "tid";

    private const string Version = "/v2.0";

    /// <summary>
    /// Such as <c>https://login.microsoftonline.com/&lt;directory&gt;/v2.0</c>; plain http on loopback alone.
    /// </summary>
    public string Authority { get; init; } = "";

    /// <summary>The API's own application (client) id, as its tokens' <c>aud</c> has it.</summary>
    public string Audience { get; init; } = "";

    /// <summary>
    /// The claim that names a customer's tenant, compared in lower case. Default <c>tid</c>, the directory: right where
    /// each customer has its own. Within one directory, <c>azp</c> (the calling application) tells customers apart.
    /// </summary>
    public string TenantClaim { get; init; } = DirectoryClaim;

    /// <summary>Ids of the customers' directories; for an authority of many directories, and for no other.</summary>
    public IReadOnlyList<string> AllowedDirectories { get; init; } = [];

    /// <summary>
    /// Id of the operators' and auditors' directory; for an authority of many directories, and for no other.
    /// </summary>
    public string? HomeDirectory { get; init; }

    /// <summary>The authority is of many directories.</summary>
    internal bool IsOfMany =>
        Uri.TryCreate(Authority, UriKind.Absolute, out var uri)
        && uri.AbsolutePath.TrimEnd('/') is "/common" + Version or "/organizations" + Version;

    internal bool IsOnLoopback => Uri.TryCreate(Authority, UriKind.Absolute, out var uri) && uri.IsLoopback;

    internal string MetadataAddress => $"{Authority.TrimEnd('/')}/.well-known/openid-configuration";

    /// <summary>What is wrong, by setting; empty: it can be used.</summary>
    public IReadOnlyList<FieldError> Errors()
    {
        var errors = new List<FieldError>();
        if (!IsAuthority(Authority))
        {
            errors.Add(
                new(
                    nameof(Authority),
                    $"'{Authority}' is no authority",
                    $"give an https address that ends with {Version} and has no query, such as "
                        + "https://login.microsoftonline.com/<directory>/v2.0"
                )
            );
        }
        if (Audience.Length == 0 || Audience.Any(char.IsWhiteSpace))
        {
            errors.Add(new(nameof(Audience), $"'{Audience}' is no audience", "give the API's application (client) id"));
        }
        if (
            TenantClaim.Length == 0
            || !TenantClaim.All(static c => char.IsAsciiLetterOrDigit(c) || "_-.:/".Contains(c))
        )
        {
            errors.Add(
                new(
                    nameof(TenantClaim),
                    $"'{TenantClaim}' is no claim's name",
                    "use letters, digits and _ - . : /, such as tid"
                )
            );
        }
        errors.AddRange(IsOfMany ? ErrorsOfMany() : ErrorsOfOne());
        return errors;
    }

    /// <exception cref="FormatException">Something is wrong: says what, by setting.</exception>
    public void ThrowIfInvalid()
    {
        if (Errors() is { Count: > 0 } errors)
        {
            throw new FormatException(
                string.Join(' ', errors.Select(error => $"Entra {error.Field}: {error.Problem}; {error.Fix}."))
            );
        }
    }

    private static bool IsAuthority(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme is "https" || (uri.Scheme is "http" && uri.IsLoopback))
        && uri is { Query: "", Fragment: "", UserInfo: "" }
        && uri.AbsolutePath.TrimEnd('/').EndsWith(Version, StringComparison.Ordinal);

    private IEnumerable<FieldError> ErrorsOfOne()
    {
        const string Problem = "is for an authority of many directories";
        const string Fix = "leave it out, or use …/organizations/v2.0 as the authority";
        if (AllowedDirectories.Count > 0)
        {
            yield return new(nameof(AllowedDirectories), Problem, Fix);
        }
        if (HomeDirectory is not null)
        {
            yield return new(nameof(HomeDirectory), Problem, Fix);
        }
    }

    private IEnumerable<FieldError> ErrorsOfMany()
    {
        if (AllowedDirectories.Count == 0)
        {
            yield return new(
                nameof(AllowedDirectories),
                "is empty, and the authority would let any directory in",
                "list the customers' directory ids, or use one directory's authority"
            );
        }
        foreach (var directory in AllowedDirectories.Where(static id => !Guid.TryParseExact(id, "D", out _)))
        {
            yield return new(nameof(AllowedDirectories), $"'{directory}' is no directory id", "give a GUID");
        }
        if (!Guid.TryParseExact(HomeDirectory, "D", out _))
        {
            yield return new(
                nameof(HomeDirectory),
                $"'{HomeDirectory}' is no directory id",
                "give the GUID of the directory that operators and auditors sign in to"
            );
        }
        if (!string.Equals(TenantClaim, DirectoryClaim, StringComparison.Ordinal))
        {
            yield return new(
                nameof(TenantClaim),
                $"'{TenantClaim}' is what a customer's own directory may say, whose administrator could name another",
                $"use {DirectoryClaim} with an authority of many directories"
            );
        }
    }
}
