namespace DynamicSurplus.Engine.Focus;

/// <summary>Something that a row may meet: one of the three tests of one of its cells.</summary>
/// <param name="In">The cell is one of these; null is none of them.</param>
/// <param name="NotIn">The cell is null, or none of these.</param>
/// <param name="IsNull">The cell is null, or is not.</param>
public sealed record FocusCondition(
    string Column,
    IReadOnlyList<string>? In = null,
    IReadOnlyList<string>? NotIn = null,
    bool? IsNull = null
)
{
    /// <param name="cell">A column's cell in the row; null where it is null or the column is not there.</param>
    public bool Holds(Func<string, string?> cell)
    {
        var value = cell(Column);
        return (In is null || (value is not null && In.Contains(value, StringComparer.Ordinal)))
            && (NotIn is null || value is null || !NotIn.Contains(value, StringComparer.Ordinal))
            && (IsNull is null || IsNull == value is null);
    }
}
