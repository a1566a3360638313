namespace DynamicSurplus.Measures;

/// <summary>Puts the last fleet in the place of the one that goes, and clears the last place.</summary>
public sealed class ColumnRemoval(int index, int last) : IColumnVisitor
{
    public T[] Visit<T>(T[] column, int width = 1)
        where T : unmanaged
    {
        var from = column.AsSpan(last * width, width);
        from.CopyTo(column.AsSpan(index * width, width));
        from.Clear();
        return column;
    }
}
