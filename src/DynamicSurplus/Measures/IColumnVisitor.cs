namespace DynamicSurplus.Measures;

/// <summary>
/// Walks the columns of a struct of arrays in their fixed order: to grow, move, write or read all of them alike.
/// </summary>
public interface IColumnVisitor
{
    /// <param name="column">A column of <paramref name="width"/> elements per fleet.</param>
    /// <returns>The column to keep: the same, or another in its place.</returns>
    T[] Visit<T>(T[] column, int width = 1)
        where T : unmanaged;
}
