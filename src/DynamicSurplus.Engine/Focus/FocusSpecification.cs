using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace DynamicSurplus.Engine.Focus;

/// <summary>
/// One version of the FinOps Open Cost and Usage Specification as data: its columns, and what it says of several cells
/// of a row, or of several rows. A later version is another file.
/// </summary>
/// <param name="Specification">Its short name.</param>
/// <param name="Source">Where it is published.</param>
/// <param name="Columns">All that it defines, by id.</param>
/// <param name="Dependencies">Columns whose value decides another's, in all rows.</param>
/// <param name="Sums">Columns whose sum over the rows of one id is what that id's document says.</param>
public sealed record FocusSpecification(
    string Specification,
    string Version,
    string Source,
    IReadOnlyList<FocusColumn> Columns,
    IReadOnlyList<FocusSpecification.Product> Products,
    IReadOnlyList<FocusSpecification.Equality> Equalities,
    IReadOnlyList<FocusSpecification.Interval> Intervals,
    IReadOnlyList<FocusSpecification.Dependency> Dependencies,
    IReadOnlyList<FocusSpecification.Sum> Sums
)
{
    private static readonly ConcurrentDictionary<string, FocusSpecification> Known = new(StringComparer.Ordinal);

    /// <summary>Version 1.2, of May 2025.</summary>
    public static FocusSpecification V12 => Of("1.2");

    /// <exception cref="ArgumentException">No list of that version is at hand.</exception>
    public static FocusSpecification Of(string version) => Known.GetOrAdd(version, Load);

    private static FocusSpecification Load(string version)
    {
        using var list =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"focus-{version}.json")
            ?? throw new ArgumentException($"No list of FOCUS {version}'s columns is at hand.", nameof(version));
        return JsonSerializer.Deserialize(list, FocusJson.Default.FocusSpecification)!;
    }

    /// <summary>Price × quantity is the cost, where none of the three is null and all conditions hold.</summary>
    public sealed record Product(string Price, string Quantity, string Cost, IReadOnlyList<FocusCondition> When);

    /// <summary>The two cells are equal where all conditions hold.</summary>
    public sealed record Equality(string Left, string Right, IReadOnlyList<FocusCondition> When);

    /// <summary>The start lies before the end.</summary>
    public sealed record Interval(string Start, string End);

    /// <summary>Rows with the same value of the column have the same of its parent.</summary>
    public sealed record Dependency(string Column, string Parent);

    public sealed record Sum(string Of, string By);
}
