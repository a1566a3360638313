namespace DynamicSurplus.Api.Access;

/// <summary>The header <c>WWW-Authenticate</c> of RFC 6750.</summary>
internal static class Challenge
{
    private const string Header = "WWW-Authenticate";
    private const string Scheme = "Bearer realm=\"dynamic-surplus\"";

    /// <summary>A credential is asked for, and none was sent.</summary>
    public static KeyValuePair<string, string> Plain { get; } = new(Header, Scheme);

    /// <summary>The credential that was sent is not valid: another may be.</summary>
    /// <param name="description">Printable ASCII without quotes and backslashes.</param>
    public static KeyValuePair<string, string> InvalidToken(string? description = null) =>
        Of("invalid_token", description);

    /// <summary>The credential is valid, and not enough: another like it will not do.</summary>
    /// <inheritdoc cref="InvalidToken" path="/param"/>
    public static KeyValuePair<string, string> InsufficientScope(string description) =>
        Of("insufficient_scope", description);

    private static KeyValuePair<string, string> Of(string error, string? description) =>
        new(
            Header,
            $"{Scheme}, error=\"{error}\"" + (description is null ? "" : $", error_description=\"{description}\"")
        );
}
