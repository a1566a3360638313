using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Wire;

/// <summary>Reads the first <paramref name="count"/> fleets of every column; the columns have room for them.</summary>
internal sealed class ColumnReading(FrameReader frame, int count) : IColumnVisitor
{
    public T[] Visit<T>(T[] column, int width = 1)
        where T : unmanaged
    {
        frame.Column<T>(column.AsSpan(0, count * width));
        return column;
    }
}
