using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Wire;

/// <summary>A rate book as bytes: one frame of tick, tick length, fleet ids and columns.</summary>
internal static class RateBookCodec
{
    private const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "DSRB"u8;

    public static ReadOnlyMemory<byte> Write(RateBook book)
    {
        var frame = new FrameWriter(Magic, Version);
        frame.Number(book.Tick.StartSeconds);
        frame.Number(book.Length.Seconds);
        frame.Fleets(book.Index.Fleets);
        book.Columns.Accept(new ColumnWriting(frame, book.Index.Count));
        return frame.Finish();
    }

    /// <exception cref="InvalidDataException">Not a whole rate book of this version.</exception>
    public static RateBook Read(ReadOnlyMemory<byte> bytes)
    {
        var frame = FrameReader.Open(bytes, Magic, Version, out _);
        var tick = new Tick(frame.Number());
        var length = TickLength.FromSeconds((int)frame.Number());
        var index = new FleetIndex(frame.Fleets());
        var columns = new RateBookColumns();
        columns.Accept(new ColumnGrowth(index.Count));
        columns.Accept(new ColumnReading(frame, index.Count));
        return new(tick, length, index, columns);
    }
}
