using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Focus;

/// <summary>
/// Holds a cost and usage file against a specification's list: header, types, nulls, allowed values, and what is said
/// of several cells and of several rows.
/// </summary>
public static class FocusValidator
{
    /// <summary>No more are looked for.</summary>
    public const int MostFindings = 100;

    private const int LongestCell = 1 << 20;

    /// <summary>A product may differ from its cost by this, where the file's numbers are rounded.</summary>
    private const decimal Tolerance = 0.000_000_001m;

    /// <param name="invoices">
    /// What each invoice comes to: the file's sums must be the same, and it must name no other. Null: not checked.
    /// </param>
    /// <returns>What is wrong; none where the file is right.</returns>
    public static IReadOnlyList<FocusFinding> Validate(
        TextReader csv,
        FocusSpecification specification,
        IReadOnlyDictionary<string, MicroUsd>? invoices = null
    )
    {
        using var parser = new CsvParser(
            csv,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                MaxFieldSize = LongestCell,
                IgnoreBlankLines = false,
                LineBreakInQuotedFieldIsBadData = false,
            },
            leaveOpen: true
        );
        var findings = new List<FocusFinding>();
        try
        {
            if (!parser.Read())
            {
                return [new(1, "", "there is no header")];
            }
            var header = ReadHeader(parser.Record!, specification, findings);
            var check = new FocusRowCheck(specification, findings);
            while (findings.Count < MostFindings && parser.Read())
            {
                if (parser.Record!.Length == header.Count)
                {
                    check.Check(new FocusRow(parser.Row, header, parser.Record));
                }
                else
                {
                    findings.Add(new(parser.Row, "", $"{parser.Record.Length} cells under {header.Count} columns"));
                }
            }
            check.CheckSums(invoices);
        }
        catch (CsvHelperException exception)
        {
            findings.Add(new(parser.Row, "", $"no CSV of RFC 4180: {exception.GetType().Name}"));
        }
        return findings;
    }

    /// <summary>True where price × quantity is the cost.</summary>
    internal static bool IsProduct(decimal price, decimal quantity, decimal cost) =>
        Math.Abs((price * quantity) - cost) <= Tolerance;

    private static Dictionary<string, int> ReadHeader(
        string[] names,
        FocusSpecification specification,
        List<FocusFinding> findings
    )
    {
        var header = new Dictionary<string, int>(StringComparer.Ordinal);
        var known = specification.Columns.Select(column => column.Id).ToHashSet(StringComparer.Ordinal);
        for (var place = 0; place < names.Length; place++)
        {
            var name = names[place];
            if (!header.TryAdd(name, place))
            {
                findings.Add(new(1, name, "the column is there twice"));
                header.Add($"{name} again at {place}", place);
            }
            else if (!known.Contains(name) && !name.StartsWith("x_", StringComparison.Ordinal))
            {
                findings.Add(new(1, name, "no column of the specification; one's own begin with x_"));
            }
        }
        findings.AddRange(
            specification
                .Columns.Where(column => column.Level == FocusLevel.Mandatory && !header.ContainsKey(column.Id))
                .Select(column => new FocusFinding(1, column.Id, "the column is mandatory, and missing"))
        );
        return header;
    }
}
