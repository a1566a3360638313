using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace DynamicSurplus.Measures;

/// <summary>The one shape of a name that people choose: <c>[a-z0-9][a-z0-9-]{0,62}</c>.</summary>
/// <remarks>Safe as a table key, a blob name, a URL segment and a metric label, without escaping.</remarks>
internal static class Identifier
{
    public const string Shape = "1 to 63 characters of a-z, 0-9 and '-', not starting with '-'";

    public static bool IsValid([NotNullWhen(true)] string? text)
    {
        if (text is null or { Length: 0 or > 63 } || text[0] == '-')
        {
            return false;
        }
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }
        return true;
    }

    public static string Require(string? text, string what) =>
        IsValid(text) ? text : throw new FormatException($"{what} '{text}' is not {Shape}.");

    /// <summary>
    /// FNV-1a, 32 bits, of the UTF-8 bytes: spreads fleets over shards and over the ticks of a block.
    /// </summary>
    public static uint Fnv1A(string text) => Fnv1A(Encoding.UTF8.GetBytes(text));

    public static uint Fnv1A(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u;
        foreach (var octet in utf8)
        {
            hash = unchecked((hash ^ octet) * 16777619u);
        }
        return hash;
    }

    /// <summary>128 bits of SHA-256 over length-prefixed parts, as 32 lower-case hex digits.</summary>
    public static string Digest(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
