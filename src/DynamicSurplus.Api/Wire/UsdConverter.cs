using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Api.Wire;

/// <summary>
/// USD per GPU-hour as a decimal string, such as <c>"3.0692"</c>; a JSON number is read too, exactly as it is written.
/// </summary>
internal sealed class UsdConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetDecimal(out var number) => number,
            JsonTokenType.String
                when decimal.TryParse(
                    reader.GetString(),
                    NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var text
                ) => text,
            _ => throw new JsonException(),
        };

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("F4", CultureInfo.InvariantCulture));
}
