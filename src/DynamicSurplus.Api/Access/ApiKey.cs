using System.Security.Cryptography;
using System.Text;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Access;

/// <summary>A key that is accepted, without the key: who has only this list can call nothing.</summary>
/// <param name="Name">
/// Of the principal; several keys may share it, so that a new one is in use before the old one goes.
/// </param>
/// <param name="Role">One role.</param>
/// <param name="Tenant">Of a customer, whose role alone has one.</param>
/// <param name="Sha256">Of the key's UTF-8, 64 hex digits.</param>
/// <param name="NotAfter">Wall time after which the key is refused; null: for good.</param>
public sealed record ApiKey(string Name, Roles Role, TenantId? Tenant, string Sha256, DateTimeOffset? NotAfter = null)
{
    private const int SecretBytes = 32;
    private const string Prefix = "dsk_";

    /// <summary>A new key with 256 random bits, to be shown once to the one who will use it.</summary>
    public static string NewSecret() =>
        Prefix + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>What is kept of a key.</summary>
    public static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
