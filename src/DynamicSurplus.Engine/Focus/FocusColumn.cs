namespace DynamicSurplus.Engine.Focus;

/// <summary>A column as the specification defines it.</summary>
/// <param name="Id">In the header.</param>
/// <param name="Nullable">A cell may be null, unless a rule of <paramref name="Nulls"/> says otherwise.</param>
/// <param name="Minimum">Of a number; null: any.</param>
/// <param name="Values">The only ones allowed; null: any.</param>
/// <param name="Parent">The column that decides which of <paramref name="ValuesByParent"/> are allowed.</param>
/// <param name="Nulls">When a cell must, or must not, be null.</param>
/// <param name="Musts">What a cell must, or must not, be in some rows, where it is not null.</param>
/// <param name="Keys">Of a key-value column, with the type of each; any other begins with <c>x_</c>.</param>
public sealed record FocusColumn(
    string Id,
    FocusLevel Level,
    FocusType Type,
    bool Nullable,
    FocusFormat? Format = null,
    decimal? Minimum = null,
    IReadOnlyList<string>? Values = null,
    string? Parent = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? ValuesByParent = null,
    IReadOnlyList<FocusColumn.NullRule>? Nulls = null,
    IReadOnlyList<FocusColumn.ValueRule>? Musts = null,
    IReadOnlyDictionary<string, string>? Keys = null
)
{
    /// <summary>Where all conditions hold, the cell is null, or is not.</summary>
    public sealed record NullRule(bool IsNull, IReadOnlyList<FocusCondition> When);

    /// <summary>Where all conditions hold, the cell is one of the first, or none of the second.</summary>
    public sealed record ValueRule(
        IReadOnlyList<FocusCondition> When,
        IReadOnlyList<string>? In = null,
        IReadOnlyList<string>? NotIn = null
    );
}
