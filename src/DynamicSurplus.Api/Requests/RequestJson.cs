using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Api.Requests;

/// <summary>
/// Reads JSON strictly: unknown members, members that are there twice and values of another type are refused, each by
/// its path.
/// </summary>
internal static class RequestJson
{
    /// <summary>Errors that one answer lists: enough to repair a request, whatever its size.</summary>
    private const int MostErrors = 20;

    /// <exception cref="ProblemException">No JSON, or not of that type.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            // What is wrong is looked for only now, so that what is right costs one pass.
            throw new ProblemException(Explain(body, type));
        }
    }

    private static Problem Explain(ReadOnlyMemory<byte> body, JsonTypeInfo type)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var errors = new List<FieldError>();
            Compare(document.RootElement, type, "", errors);
            return Problem.With(ProblemKinds.MalformedRequest, errors);
        }
        catch (InvalidOperationException)
        {
            return Problem.With(
                ProblemKinds.MalformedRequest,
                "body",
                "holds text that is no Unicode",
                "send valid UTF-8"
            );
        }
        catch (JsonException broken)
        {
            var problem = body.IsEmpty
                ? "is empty"
                : $"is broken JSON at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}";
            return Problem.With(ProblemKinds.MalformedRequest, "body", problem, "send one whole JSON object");
        }
    }

    private static void Compare(JsonElement value, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            CompareScalar(value, type, path, errors);
            return;
        }
        if (value.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new(path.Length == 0 ? "body" : path, $"is {Kind(value)}, not an object", "send a JSON object"));
            return;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject().TakeWhile(_ => errors.Count < MostErrors))
        {
            var field = path.Length == 0 ? FieldErrors.Cut(member.Name) : $"{path}.{FieldErrors.Cut(member.Name)}";
            var property = type.Properties.FirstOrDefault(p =>
                string.Equals(p.Name, member.Name, StringComparison.Ordinal)
            );
            if (property is null)
            {
                errors.Add(
                    new(field, "is not known", $"send only {string.Join(", ", type.Properties.Select(p => p.Name))}")
                );
            }
            else if (!seen.Add(member.Name))
            {
                errors.Add(new(field, "is there twice", "send each member once"));
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Compare(member.Value, type.Options.GetTypeInfo(property.PropertyType), field, errors);
            }
        }
    }

    private static void CompareScalar(JsonElement value, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        try
        {
            _ = value.Deserialize(type);
        }
        catch (JsonException)
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                _ = value.GetString(); // throws where the text itself is at fault
            }
            errors.Add(new(path, $"is {Kind(value)}{Shown(value)}", $"send {Expected(type.Type)}"));
        }
    }

    private static string Expected(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            _ when bare.IsEnum => string.Join(
                " or ",
                Enum.GetNames(bare).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)
            ),
            _ when bare == typeof(decimal) => "a decimal string, such as \"1.25\"",
            _ when bare == typeof(double) => "a number",
            _ when bare == typeof(bool) => "true or false",
            _ when bare.IsAssignableTo(typeof(IEnumerable<string>)) => "an array of strings",
            _ when bare == typeof(Uri) => "an https address",
            _ => "a string",
        };
    }

    private static string Kind(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null => "null",
            _ => "a boolean",
        };

    private static string Shown(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? $" ({FieldErrors.Cut(value.GetRawText())})"
            : "";
}
