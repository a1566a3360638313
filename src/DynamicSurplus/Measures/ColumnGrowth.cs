namespace DynamicSurplus.Measures;

/// <summary>
/// Gives every column room for <paramref name="capacity"/> fleets, keeping what it holds; new places are zero.
/// </summary>
public sealed class ColumnGrowth(int capacity) : IColumnVisitor
{
    public T[] Visit<T>(T[] column, int width = 1)
        where T : unmanaged
    {
        Array.Resize(ref column, capacity * width);
        return column;
    }
}
