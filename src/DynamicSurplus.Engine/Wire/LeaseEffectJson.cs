using System.Text.Json;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Wire;

/// <summary>Pending effects as the journal stores them until they are done: UTF-8 JSON.</summary>
public static class LeaseEffectJson
{
    public static byte[] Write(LeaseEffect effect) =>
        JsonSerializer.SerializeToUtf8Bytes(effect, LeaseJson.Of<LeaseEffect>());

    /// <exception cref="FormatException">No such effect: broken JSON, a member missing or wrong, or a type unknown here.</exception>
    public static LeaseEffect Read(ReadOnlySpan<byte> storedJson) =>
        LeaseJson.Read<LeaseEffect>(storedJson, "lease effect");
}
