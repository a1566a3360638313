using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Engine.Wire;

/// <summary>A value that is its text.</summary>
/// <param name="parse">Throws FormatException or ArgumentException where the text is no such value.</param>
internal sealed class TextConverter<T>(Func<string, T> parse) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return parse(reader.GetString() ?? "");
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
