using System.Globalization;
using System.Text.Json;

namespace DynamicSurplus.Local.Chaos;

/// <summary>Members of an answer that may be absent.</summary>
internal static class JsonReading
{
    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static long? Whole(this JsonElement json, string name) => json.Member(name)?.GetInt64();

    public static DateTimeOffset? Time(this JsonElement json, string name) => json.Member(name)?.GetDateTimeOffset();

    /// <summary>An amount of money: its member <c>amount</c>, a decimal string.</summary>
    public static decimal? Usd(this JsonElement json, string name) =>
        json.Member(name)?.Text("amount") is { } amount ? decimal.Parse(amount, CultureInfo.InvariantCulture) : null;
}
