using System.Security.Cryptography;
using System.Text.Json;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// Lease events, and the effects that they ask for, as the journal stores them: UTF-8 JSON. Events stand for ever:
/// their members are added and never renamed, and unknown ones are passed over.
/// </summary>
public static class LeaseEventJson
{
    /// <exception cref="ArgumentException">
    /// A duration is no whole number of seconds, or a number is not finite.
    /// </exception>
    public static ReadOnlyMemory<byte> Write(LeaseEventEnvelope envelope) =>
        JsonSerializer.SerializeToUtf8Bytes(envelope, LeaseJson.Of<LeaseEventEnvelope>());

    /// <exception cref="FormatException">
    /// Broken JSON, a member missing or wrong, or a type of event unknown here.
    /// </exception>
    public static LeaseEventEnvelope Read(ReadOnlyMemory<byte> storedJson) =>
        LeaseJson.Read<LeaseEventEnvelope>(storedJson, "lease event");

    public static ReadOnlyMemory<byte> WriteEffect(LeaseEffect effect) =>
        JsonSerializer.SerializeToUtf8Bytes(effect, LeaseJson.Of<LeaseEffect>());

    /// <exception cref="FormatException">
    /// Broken JSON, a member missing or wrong, or a type of effect unknown here.
    /// </exception>
    public static LeaseEffect ReadEffect(ReadOnlyMemory<byte> storedJson) =>
        LeaseJson.Read<LeaseEffect>(storedJson, "lease effect");

    /// <summary>SHA-256 of an event as stored, 64 lower-case hex digits: what its successor carries.</summary>
    public static string Hash(ReadOnlySpan<byte> storedJson) => Convert.ToHexStringLower(SHA256.HashData(storedJson));
}
