using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// The journal's rows in the emulator's own file. It keeps some of their bytes twice, or shows them to nobody: an
/// alteration of these is seen here alone.
/// </summary>
internal static partial class AzuriteJournalFile
{
    private const string Name = "__azurite_db_table__.json";

    /// <summary>Bytes past a broken place within which its row's keys come again.</summary>
    private const int Near = 256;

    /// <returns>None where there is no file yet.</returns>
    public static IReadOnlyList<Divergence> Check(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "azurite", Name);
        if (!File.Exists(path))
        {
            return [];
        }
        var json = File.ReadAllBytes(path);
        try
        {
            using var document = JsonDocument.Parse(json);
            return
            [
                .. document
                    .RootElement.GetProperty("collections")
                    .EnumerateArray()
                    .Where(table =>
                        table.GetProperty("name").GetString()!.EndsWith("$journal", StringComparison.Ordinal)
                    )
                    .SelectMany(table => table.GetProperty("data").EnumerateArray())
                    .Select(Check)
                    .OfType<Divergence>(),
            ];
        }
        catch (JsonException exception)
        {
            return [Broken(json, exception)];
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException)
        {
            return [new(Name, null, $"it is none of the emulator's: {exception.Message}")];
        }
    }

    private static Divergence? Check(JsonElement row)
    {
        var (lease, key) = (Text(row, "PartitionKey"), Text(row, "RowKey"));
        if (!row.TryGetProperty("properties", out var columns) || columns.ValueKind != JsonValueKind.Object)
        {
            return Of(lease, key, "is on disk without its columns");
        }
        lease = LeaseId.TryParse(lease, out _) ? lease : Text(columns, "PartitionKey");
        return Wrong(row, columns) is { } name
            ? Of(lease, key, $"is on disk with another {name} than was written")
            : null;
    }

    /// <returns>The member that is not what the others make it; null: all are.</returns>
    private static string? Wrong(JsonElement row, JsonElement columns)
    {
        var stamp = Text(columns, "Timestamp") ?? "";
        return !Same(Text(columns, "PartitionKey"), Text(row, "PartitionKey")) ? "PartitionKey"
            : !Same(Text(columns, "RowKey"), Text(row, "RowKey")) ? "RowKey"
            : !Same(Text(row, "lastModifiedTime"), stamp) ? "Timestamp"
            : !Same(Text(row, "eTag"), $"W/\"datetime'{Uri.EscapeDataString(stamp)}'\"") ? "eTag"
            : columns
                .EnumerateObject()
                .Select(column => Wrong(columns, column))
                .FirstOrDefault(name => name is not null);
    }

    private static string? Wrong(JsonElement columns, JsonProperty column)
    {
        var (name, text) = (column.Name, Text(columns, column.Name));
        var isRight = name switch
        {
            "PartitionKey" or "RowKey" or "Timestamp" or "Seal" => text is not null,
            "Timestamp@odata.type" => text is "Edm.DateTime",
            "Json@odata.type" => text is "Edm.Binary",
            "Mark@odata.type" => text is "Edm.Int64",
            "Json" => text is not null && IsCanonicalBase64(text),
            "Mark" => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mark)
                && string.Equals(mark.ToString(CultureInfo.InvariantCulture), text, StringComparison.Ordinal),
            _ => false,
        };
        return isRight ? null : name;
    }

    /// <summary>Some texts differ and stand for the same bytes; only one of them was written.</summary>
    private static bool IsCanonicalBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            && string.Equals(Convert.ToBase64String(bytes, 0, length), text, StringComparison.Ordinal);
    }

    /// <returns>Null where it is missing, of another kind, or no text at all.</returns>
    private static string? Text(JsonElement row, string name)
    {
        try
        {
            return row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // bytes that are no UTF-8
        }
    }

    private static Divergence Broken(byte[] json, JsonException exception)
    {
        var place = Place(json, exception);
        // The row's first members may be what is broken; it holds its keys twice.
        var row = json.AsSpan(0, place).LastIndexOf("{\"PartitionKey\""u8);
        var near = row < 0 ? "" : Encoding.UTF8.GetString(json, row, Math.Min(json.Length - row, place - row + Near));
        return Row().Match(near) is { Success: true } found
            ? Of(
                found.Groups["lease"].Value,
                found.Groups["row"].Value,
                string.Create(CultureInfo.InvariantCulture, $"is on disk as no JSON, at byte {place} of {Name}")
            )
            : new(Name, null, string.Create(CultureInfo.InvariantCulture, $"it is no JSON at byte {place}"));
    }

    /// <summary>The exception counts lines and bytes of the line.</summary>
    private static int Place(ReadOnlySpan<byte> json, JsonException exception)
    {
        var start = 0;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            start += json[start..].IndexOf((byte)'\n') + 1;
        }
        return (int)Math.Min(json.Length, start + (exception.BytePositionInLine ?? 0));
    }

    private static Divergence Of(string? lease, string? row, string what) =>
        new($"lease {lease ?? "unknown"}", VersionOf(row ?? ""), $"row {row ?? "unknown"} {what}");

    private static long? VersionOf(string row) =>
        Version().Match(row) is { Success: true } match
            ? long.Parse(match.Groups["version"].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(
        "\"PartitionKey\":\"(?<lease>[^\"]*)\",\"RowKey\":\"(?<row>[^\"]*)\"",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Row();

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    [GeneratedRegex(
        "^(effect-)?(?<version>[0-9]{19})(-[0-9]{10})?$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Version();
}
