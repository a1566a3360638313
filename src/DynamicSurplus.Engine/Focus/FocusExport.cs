using System.Globalization;
using CsvHelper;

namespace DynamicSurplus.Engine.Focus;

/// <summary>
/// Charges as a cost and usage file: CSV (RFC 4180) with a header, nulls empty. Every column of the specification's
/// list is there, whether it applies or not, and then those of our own.
/// </summary>
public static class FocusExport
{
    /// <exception cref="NotSupportedException">The list demands a column that no charge has a value for.</exception>
    public static void Write(TextWriter to, FocusSpecification specification, IEnumerable<FocusLine> lines)
    {
        (string Id, Func<FocusLine, string?> Cell)[] columns =
        [
            .. specification.Columns.Select(column => (column.Id, CellOf(column))),
            .. FocusCells.Custom,
        ];
        using var csv = new CsvWriter(to, CultureInfo.InvariantCulture, leaveOpen: true);
        foreach (var (id, _) in columns)
        {
            csv.WriteField(id);
        }
        csv.NextRecord();
        foreach (var line in lines)
        {
            foreach (var (_, cell) in columns)
            {
                csv.WriteField(cell(line));
            }
            csv.NextRecord();
        }
    }

    private static Func<FocusLine, string?> CellOf(FocusColumn column) =>
        FocusCells.Own.TryGetValue(column.Id, out var cell) ? cell
        : column.Nullable ? static _ => null
        : throw new NotSupportedException($"The list demands '{column.Id}', which the export does not fill.");
}
