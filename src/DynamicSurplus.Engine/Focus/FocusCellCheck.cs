using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DynamicSurplus.Engine.Focus;

/// <summary>One cell against its column: null or not, type, format, allowed values.</summary>
internal static partial class FocusCellCheck
{
    private static readonly string[] Placeholders = ["Not Applicable", "N/A", "NULL", "null", "None", "-"];

    /// <returns>What is wrong, in words; null: nothing.</returns>
    public static string? Problem(FocusColumn column, FocusRow row)
    {
        var value = row[column.Id];
        foreach (var rule in column.Nulls ?? [])
        {
            if (rule.IsNull != value is null && rule.When.All(condition => condition.Holds(name => row[name])))
            {
                return rule.IsNull ? $"'{value}' where it must be null" : "null where it must not be";
            }
        }
        if (value is null)
        {
            return column.Nullable ? null : "null, which it must not be";
        }
        return string.IsNullOrWhiteSpace(value) ? "only spaces"
            : Placeholders.Contains(value, StringComparer.Ordinal) ? $"the placeholder '{value}'; null is empty"
            : TypeProblem(column, value) ?? FormatProblem(column, value) ?? ValueProblem(column, value, row);
    }

    /// <returns>Null where it is no number of the specification's form.</returns>
    public static decimal? Number(string? text) =>
        text is not null
        && NumberForm().IsMatch(text)
        && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <returns>Null where it is no instant of the specification's form.</returns>
    public static DateTime? Instant(string? text) =>
        DateTime.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var instant
        )
            ? instant
            : null;

    private static string? TypeProblem(FocusColumn column, string value) =>
        column.Type switch
        {
            FocusType.Number when Number(value) is not { } number => $"'{value}' is no number of the form 12.34",
            FocusType.Number when Number(value) < column.Minimum => $"{value} is below {column.Minimum}",
            FocusType.DateTime when Instant(value) is null => $"'{value}' is not of the form 2026-11-01T00:00:00Z",
            _ => null,
        };

    private static string? FormatProblem(FocusColumn column, string value) =>
        column.Format switch
        {
            FocusFormat.Currency when !CurrencyForm().IsMatch(value) => $"'{value}' is no ISO 4217 code",
            FocusFormat.Unit when !UnitForm().IsMatch(value) => $"'{value}' is no unit such as GPU-Hours",
            FocusFormat.KeyValue => KeyValueProblem(column, value),
            _ => null,
        };

    private static string? ValueProblem(FocusColumn column, string value, FocusRow row)
    {
        if (column.Values is { } values && !values.Contains(value, StringComparer.Ordinal))
        {
            return $"'{value}' is none of {string.Join(", ", values)}";
        }
        if (
            column is { Parent: { } parent, ValuesByParent: { } byParent }
            && !byParent.GetValueOrDefault(row[parent] ?? "", []).Contains(value, StringComparer.Ordinal)
        )
        {
            return $"'{value}' is no value under {parent} '{row[parent]}'";
        }
        foreach (var must in column.Musts ?? [])
        {
            var isWrong =
                must.In?.Contains(value, StringComparer.Ordinal) == false
                || must.NotIn?.Contains(value, StringComparer.Ordinal) == true;
            if (isWrong && must.When.All(condition => condition.Holds(name => row[name])))
            {
                return $"'{value}' does not go with the row's other cells";
            }
        }
        return null;
    }

    private static string? KeyValueProblem(FocusColumn column, string value)
    {
        try
        {
            using var json = JsonDocument.Parse(value, new() { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "no JSON object";
            }
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                {
                    return $"'{property.Name}' is an object or an array";
                }
                if (column.Keys is { } keys && KeyProblem(keys, property) is { } problem)
                {
                    return problem;
                }
            }
            return null;
        }
        catch (JsonException exception)
        {
            return $"no JSON object of unique keys: {exception.Message}";
        }
    }

    private static string? KeyProblem(IReadOnlyDictionary<string, string> keys, JsonProperty property) =>
        property.Name.StartsWith("x_", StringComparison.Ordinal) ? null
        : !keys.TryGetValue(property.Name, out var type) ? $"the key '{property.Name}' must begin with x_"
        : type is "number" == (property.Value.ValueKind == JsonValueKind.Number) ? null
        : $"'{property.Name}' must be a {type}";

    [GeneratedRegex(@"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:E-?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberForm();

    [GeneratedRegex("^[A-Z]{3}$", RegexOptions.None, 1000)]
    private static partial Regex CurrencyForm();

    [GeneratedRegex(
        "^(?:[1-9][0-9]* )?[A-Z][A-Za-z]*(?:-(?:Seconds|Minutes|Hours|Days|Months|Years))?"
            + "(?:/(?:[1-9][0-9]* )?(?:Second|Minute|Hour|Day|Month|Year)s?)?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex UnitForm();
}
