using System.Security.Cryptography;
using System.Text;

namespace DynamicSurplus.Engine.Webhooks;

/// <summary>
/// How every call that leaves the product is signed: HMAC-SHA256 of the time in Unix seconds, a full stop, and the
/// body.
/// </summary>
/// <remarks>
/// The time is signed with the body, so that a receiver can refuse what is old: a call that was listened to cannot be
/// made again for ever.
/// </remarks>
public static class WebhookSignature
{
    /// <summary>64 lower-case hex digits.</summary>
    /// <param name="timestamp">Unix seconds, in decimal.</param>
    public static string Hex(ReadOnlySpan<byte> secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
