using System.Text.Json;

namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>As the platform serializes inputs, outputs and payloads.</summary>
internal static class DurableJson
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public static string Write(object? value) => JsonSerializer.Serialize(value, Options);

    public static T? Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options);
}
