using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Wire;

/// <summary>Writes the first <paramref name="count"/> fleets of every column.</summary>
internal sealed class ColumnWriting(FrameWriter frame, int count) : IColumnVisitor
{
    public T[] Visit<T>(T[] column, int width = 1)
        where T : unmanaged
    {
        frame.Column<T>(column.AsSpan(0, count * width));
        return column;
    }
}
