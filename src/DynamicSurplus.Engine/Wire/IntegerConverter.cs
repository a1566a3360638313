using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynamicSurplus.Engine.Wire;

/// <summary>A value that is a whole number of its unit.</summary>
/// <param name="make">Throws ArgumentException or OverflowException where the number is outside the range.</param>
/// <param name="count">Throws ArgumentException where the value is no whole number.</param>
internal sealed class IntegerConverter<T>(Func<long, T> make, Func<T, long> count) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return make(reader.GetInt64());
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(count(value));
}
