using System.Security.Cryptography;
using System.Text.Json;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// Lease events as the journal stores them, for ever: UTF-8 JSON whose members are added and never renamed. Unknown
/// members are passed over when read.
/// </summary>
public static class LeaseEventJson
{
    /// <exception cref="ArgumentException">A duration is no whole number of seconds, or a number is not finite.</exception>
    public static byte[] Write(LeaseEventEnvelope envelope) =>
        JsonSerializer.SerializeToUtf8Bytes(envelope, LeaseJson.Of<LeaseEventEnvelope>());

    /// <exception cref="FormatException">No such event: broken JSON, a member missing or wrong, or a type unknown here.</exception>
    public static LeaseEventEnvelope Read(ReadOnlySpan<byte> storedJson) =>
        LeaseJson.Read<LeaseEventEnvelope>(storedJson, "lease event");

    /// <summary>SHA-256 of an event as stored, 64 lower-case hex digits: what its successor carries.</summary>
    public static string Hash(ReadOnlySpan<byte> storedJson) => Convert.ToHexStringLower(SHA256.HashData(storedJson));
}
