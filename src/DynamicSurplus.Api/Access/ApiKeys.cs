using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace DynamicSurplus.Api.Access;

/// <summary>Tells callers by API key, in <c>Authorization: Bearer</c> or <c>X-Api-Key</c>.</summary>
/// <remarks>
/// A presented key is hashed and found by the first eight bytes of its hash; the whole hashes are compared in constant
/// time. What a clock could tell of those eight bytes leads nobody to a key of 256 random bits.
/// </remarks>
public sealed class ApiKeys : ICallerSource
{
    public const string Header = "X-Api-Key";

    private const int MostKeyBytes = 512;
    private readonly FrozenDictionary<long, Entry[]> _entries;
    private readonly TimeProvider _wallClock;

    /// <exception cref="ArgumentException">
    /// A key's role, tenant or hash is not as <see cref="ApiKey"/> says.
    /// </exception>
    public ApiKeys(IEnumerable<ApiKey> keys, TimeProvider wallClock)
    {
        _wallClock = wallClock;
        _entries = keys.Select(Entry.Of)
            .GroupBy(entry => Start(entry.Hash))
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }

    public string? Invitation =>
        _entries.Count == 0 ? null : $"an API key as 'Authorization: Bearer <key>' or '{Header}: <key>'";

    public ValueTask<Caller?> FindAsync(HttpRequest request, CancellationToken cancellationToken) =>
        new(Presented(request) is { Length: > 0 } key ? Find(key) : null);

    private static string Presented(HttpRequest request) =>
        BearerCredential.Of(request) ?? request.Headers[Header].ToString();

    private Caller? Find(string key)
    {
        Span<byte> bytes = stackalloc byte[MostKeyBytes];
        if (!Encoding.UTF8.TryGetBytes(key, bytes, out var length))
        {
            return null;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        if (!_entries.TryGetValue(Start(hash), out var entries))
        {
            return null;
        }
        foreach (var entry in entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Hash))
            {
                return entry.NotAfter is null || entry.NotAfter >= _wallClock.GetUtcNow() ? entry.Caller : null;
            }
        }
        return null;
    }

    private static long Start(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<long>(hash);

    private sealed record Entry(Caller Caller, byte[] Hash, DateTimeOffset? NotAfter)
    {
        public static Entry Of(ApiKey key)
        {
            if (key.Role is not (Roles.Operator or Roles.Customer or Roles.Auditor))
            {
                throw new ArgumentException(
                    $"API key '{key.Name}': '{key.Role}' is not operator, customer or auditor.",
                    nameof(key)
                );
            }
            if (key.Tenant.HasValue != (key.Role == Roles.Customer))
            {
                throw new ArgumentException(
                    $"API key '{key.Name}': a customer's key names its tenant, and no other key names one.",
                    nameof(key)
                );
            }
            if (key.Sha256 is not { Length: 2 * SHA256.HashSizeInBytes } || !key.Sha256.All(char.IsAsciiHexDigit))
            {
                throw new ArgumentException($"API key '{key.Name}': its sha256 is not 64 hex digits.", nameof(key));
            }
            return new(new(key.Name, key.Role, key.Tenant), Convert.FromHexString(key.Sha256), key.NotAfter);
        }
    }
}
