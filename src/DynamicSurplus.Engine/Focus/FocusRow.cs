namespace DynamicSurplus.Engine.Focus;

/// <summary>One row of a file under validation.</summary>
/// <param name="number">1 is the header.</param>
internal sealed class FocusRow(int number, IReadOnlyDictionary<string, int> header, string[] cells)
{
    public int Number => number;

    public bool Has(string column) => header.ContainsKey(column);

    /// <summary>Null where it is empty, or there is no such column.</summary>
    public string? this[string column] =>
        header.TryGetValue(column, out var place) && cells[place].Length > 0 ? cells[place] : null;
}
