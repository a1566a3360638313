using System.Diagnostics.CodeAnalysis;
using DynamicSurplus.Api.Problems;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace DynamicSurplus.Api.Access;

/// <summary>
/// A provider's issuer and signing keys, from its discovery document, which is read again now and then.
/// </summary>
/// <remarks>
/// The library's own cache looks for a new key behind the back of the first token that is signed with it, which is then
/// refused; and while the provider is down it makes every request wait for a try of its own.
/// </remarks>
internal sealed partial class ProviderKeys(
    EntraOptions options,
    IHttpClientFactory clients,
    TimeProvider wall,
    ILogger logger
)
{
    public const string ClientName = nameof(ProviderKeys);

    /// <summary>Of the discovery document, and of the keys.</summary>
    public const int MaxDocumentBytes = 1024 * 1024;

    private const int AfterFailureSeconds = 5;

    /// <summary>From here on what is known is still used, and read again meanwhile.</summary>
    private static readonly TimeSpan RefreshAfter = TimeSpan.FromHours(1);

    /// <summary>A key that was withdrawn is trusted no longer than this, should the provider be down.</summary>
    private static readonly TimeSpan RefuseAfter = TimeSpan.FromHours(24);

    /// <summary>Between readings that succeed: tokens with made-up keys cost the provider no more.</summary>
    private static readonly TimeSpan BetweenReadings = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(AfterFailureSeconds);
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private Reading? _last;
    private long? _triedAt;
    private volatile bool _failed;

    /// <summary>
    /// What the provider publishes; where that has no key of the id given, it was read again, if it may be.
    /// </summary>
    /// <exception cref="ProblemException">Nobody can say now whether the provider has such a key.</exception>
    public async ValueTask<OpenIdConnectConfiguration> GetAsync(string keyId, CancellationToken cancellationToken)
    {
        if (Usable() is { } known && Has(known.Provider, keyId))
        {
            if (wall.GetElapsedTime(known.At) >= RefreshAfter)
            {
                _ = ReadAgainAsync();
            }
            return known.Provider;
        }
        await ReadAgainAsync().WaitAsync(cancellationToken);
        if (Usable() is { } read && (Has(read.Provider, keyId) || !_failed))
        {
            return read.Provider;
        }
        throw new ProblemException(
            new Problem(
                ProblemKinds.NoSigningKeys,
                "The identity provider does not answer: the token cannot be checked."
            )
            {
                RetryAfterSeconds = AfterFailureSeconds,
            }
        );
    }

    private static bool Has(OpenIdConnectConfiguration provider, string keyId) =>
        provider.SigningKeys.Any(key => string.Equals(key.KeyId, keyId, StringComparison.Ordinal));

    private Reading? Usable()
    {
        var last = Volatile.Read(ref _last);
        return last is not null && wall.GetElapsedTime(last.At) < RefuseAfter ? last : null;
    }

    /// <summary>One reading at a time, and none where the last one is too fresh. Fails never.</summary>
    private Task ReadAgainAsync()
    {
        lock (_gate)
        {
            var pause = _failed ? AfterFailure : BetweenReadings;
            if (_reading.IsCompleted && (_triedAt is not { } at || wall.GetElapsedTime(at) >= pause))
            {
                // Whoever needs it first may leave before it is done; the others still need it.
                _reading = Task.Run(ReadAsync, CancellationToken.None);
            }
            return _reading;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails, the keys are not known; the log says why.")]
    private async Task ReadAsync()
    {
        Reading? read = null;
        try
        {
            using var time = new CancellationTokenSource(ReadingTime);
            using var client = clients.CreateClient(ClientName);
            var documents = new HttpDocumentRetriever(client) { RequireHttps = !options.IsOnLoopback };
            var provider = await OpenIdConnectConfigurationRetriever.GetAsync(
                options.MetadataAddress,
                documents,
                time.Token
            );
            if (string.IsNullOrEmpty(provider.Issuer) || provider.SigningKeys.Count == 0)
            {
                throw new InvalidDataException($"{options.MetadataAddress} names no issuer, or no signing key.");
            }
            read = new(provider, wall.GetTimestamp());
        }
        catch (Exception failure)
        {
            Unreadable(failure, options.MetadataAddress);
        }
        lock (_gate)
        {
            Volatile.Write(ref _last, read ?? _last);
            _failed = read is null;
            _triedAt = wall.GetTimestamp();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The identity provider's keys cannot be read from {Address}")]
    private partial void Unreadable(Exception failure, string address);

    private sealed record Reading(OpenIdConnectConfiguration Provider, long At);
}
