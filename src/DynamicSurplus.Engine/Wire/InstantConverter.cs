using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Engine.Wire;

/// <summary>ISO 8601 in UTC: <c>2026-08-01T12:00:00.000Z</c>, or seven decimals where three would lose some.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private const string Milliseconds = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string Whole = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    private const string Accepted = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.TryParseExact(
            reader.GetString(),
            Accepted,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var instant
        )
            ? instant
            : throw new JsonException($"'{reader.GetString()}' is no instant such as 2026-08-01T12:00:00.000Z.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(
            value.UtcDateTime.ToString(
                value.Ticks % TimeSpan.TicksPerMillisecond == 0 ? Milliseconds : Whole,
                CultureInfo.InvariantCulture
            )
        );
}
