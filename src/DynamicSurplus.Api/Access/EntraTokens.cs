using System.Diagnostics.CodeAnalysis;
using DynamicSurplus.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace DynamicSurplus.Api.Access;

/// <summary>Tells callers by an identity provider's access token, in <c>Authorization: Bearer</c>.</summary>
/// <remarks>
/// What has not the look of a JWT is left to the other sources. What has it is accepted here or by nobody: signed by a
/// published key with an asymmetric algorithm, for this API, by this provider, now.
/// </remarks>
public sealed partial class EntraTokens : ICallerSource
{
    /// <summary>Characters of a token. Entra ID's, with every claim it knows, are a few thousand.</summary>
    public const int MaxLength = 16 * 1024;

    private const string DirectoryPlace = "{tenantid}";
    private const string Version = "2.0";

    /// <summary>Between the provider's clock and this one.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.EcdsaSha256,
    ];

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = MaxLength };

    private readonly EntraOptions _options;
    private readonly ProviderKeys _keys;
    private readonly EntraClaims _claims;
    private readonly TimeProvider _wall;
    private readonly ILogger _logger;

    /// <exception cref="FormatException">The options cannot be used; says which, and how to put them right.</exception>
    public EntraTokens(EntraOptions options, IHttpClientFactory clients, TimeProvider wall, ILogger<EntraTokens> logger)
    {
        options.ThrowIfInvalid();
        (_options, _wall, _logger) = (options, wall, logger);
        _keys = new(options, clients, wall, logger);
        _claims = new(options);
    }

    public string? Invitation =>
        $"an access token of {_options.Authority} for {_options.Audience} as 'Authorization: Bearer <token>'";

    public async ValueTask<Caller?> FindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (BearerCredential.Of(request) is not { } text || !LooksLikeToken(text))
        {
            return null;
        }
        try
        {
            return _claims.CallerOf(await CheckAsync(text, cancellationToken));
        }
        catch (ProblemException refused) when (refused.Problem.Kind != ProblemKinds.NoSigningKeys)
        {
            Refused(refused.Message, refused.InnerException?.GetType().Name, request.HttpContext.TraceIdentifier);
            throw;
        }
    }

    /// <summary>A JSON object in base64url, and the dots of a signed or an encrypted token.</summary>
    private static bool LooksLikeToken(string text) =>
        text.StartsWith("eyJ", StringComparison.Ordinal) && text.Count('.') is 2 or 4;

    private async Task<JsonWebToken> CheckAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length > MaxLength)
        {
            throw TokenRefusal.Invalid($"The token is longer than {MaxLength} characters");
        }
        var token = Read(text);
        if (token.IsEncrypted)
        {
            throw TokenRefusal.Invalid("The token is encrypted");
        }
        if (!Algorithms.Contains(token.Alg, StringComparer.Ordinal))
        {
            throw TokenRefusal.Invalid($"The token is not signed with {string.Join(", ", Algorithms)}");
        }
        if (string.IsNullOrEmpty(token.Kid) || token.TryGetHeaderValue<object>("crit", out _))
        {
            throw TokenRefusal.Invalid("The token names no key, or asks for more than is understood here");
        }
        var provider = await _keys.GetAsync(token.Kid, cancellationToken);
        var result = await Handler.ValidateTokenAsync(token, Rules(provider, token));
        if (!result.IsValid)
        {
            throw TokenRefusal.Invalid(SentenceOf(result.Exception), result.Exception);
        }
        if (!IsSame(EntraClaims.TextOf(token, "ver"), Version))
        {
            throw TokenRefusal.Invalid($"The token is not of version {Version}");
        }
        return token;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the parser stumbles over, the text is no token.")]
    private static JsonWebToken Read(string text)
    {
        try
        {
            return new(text);
        }
        catch (Exception unreadable)
        {
            throw TokenRefusal.Invalid("The token cannot be read", unreadable);
        }
    }

    private TokenValidationParameters Rules(OpenIdConnectConfiguration provider, JsonWebToken token)
    {
        var directory = EntraClaims.TextOf(token, EntraOptions.DirectoryClaim) ?? "";
        if (_options.IsOfMany && !_claims.IsAllowed(directory))
        {
            throw TokenRefusal.Invalid("The token is of a directory that is not served here");
        }
        var issuer = _options.IsOfMany ? InDirectory(provider.Issuer, directory) : provider.Issuer;
        return new()
        {
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = KeysOf(provider, token.Kid, issuer, directory),
            TryAllIssuerSigningKeys = false,
            ValidIssuer = issuer,
            ValidAudience = _options.Audience,
            LifetimeValidator = (from, to, _, _) => RequireNow(from, to),
        };
    }

    /// <summary>
    /// Where many directories are published together, a key may be of one of them alone, and says so.
    /// </summary>
    private static IEnumerable<SecurityKey> KeysOf(
        OpenIdConnectConfiguration provider,
        string keyId,
        string issuer,
        string directory
    )
    {
        var isTheirs = provider.JsonWebKeySet.Keys.Any(key =>
            IsSame(key.Kid, keyId)
            && (
                !key.AdditionalData.TryGetValue("issuer", out var owner)
                || IsSame(InDirectory(owner?.ToString() ?? "", directory), issuer)
            )
        );
        return isTheirs ? provider.SigningKeys.Where(key => IsSame(key.KeyId, keyId)) : [];
    }

    private static string InDirectory(string issuer, string directory) =>
        issuer.Replace(DirectoryPlace, directory, StringComparison.Ordinal);

    private static bool IsSame(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    private bool RequireNow(DateTime? from, DateTime? to)
    {
        var now = _wall.GetUtcNow().UtcDateTime;
        return to is null ? throw new SecurityTokenNoExpirationException("no exp")
            : now - ClockSkew >= to ? throw new SecurityTokenExpiredException("exp")
            : now + ClockSkew < from ? throw new SecurityTokenNotYetValidException("nbf")
            : true;
    }

    private static string SentenceOf(Exception failure) =>
        failure switch
        {
            SecurityTokenExpiredException => "The token has expired",
            SecurityTokenNotYetValidException => "The token is not valid yet",
            SecurityTokenNoExpirationException => "The token never expires",
            SecurityTokenInvalidAudienceException => "The token is for another audience",
            SecurityTokenInvalidIssuerException => "The token is of another issuer",
            SecurityTokenSignatureKeyNotFoundException => "The token is signed with a key that is not published",
            SecurityTokenInvalidSignatureException => "The signature of the token is wrong",
            _ => "The token cannot be verified",
        };

    [LoggerMessage(LogLevel.Information, "{Reason} ({Check}), traceId {TraceId}")]
    private partial void Refused(string reason, string? check, string traceId);
}
