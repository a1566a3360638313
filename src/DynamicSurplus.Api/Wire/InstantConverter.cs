using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Api.Wire;

/// <summary>
/// ISO 8601 in UTC with milliseconds: <c>2026-08-22T10:00:00.000Z</c>. A time without an offset is refused.
/// </summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(Written, CultureInfo.InvariantCulture);

    /// <summary>
    /// An instant with its offset, such as <c>2026-08-22T10:00:00Z</c> or <c>2026-08-22T12:00:00.5+02:00</c>.
    /// </summary>
    public static bool TryParse(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(
            text,
            [
                "yyyy-MM-dd'T'HH:mmzzz",
                "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
                "yyyy-MM-dd'T'HH:mm'Z'",
                "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
            ],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out instant
        );

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryParse(reader.GetString(), out var instant) ? instant : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Text(value));
}
