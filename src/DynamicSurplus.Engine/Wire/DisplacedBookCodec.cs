using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// A month of displaced demand as bytes: year, month and one entry a fleet and team. Alone it is a frame; within a
/// shard's state a part of that frame.
/// </summary>
internal static class DisplacedBookCodec
{
    private const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "DSDB"u8;

    public static ReadOnlyMemory<byte> Write(DisplacedBook book)
    {
        var frame = new FrameWriter(Magic, Version);
        Write(frame, book);
        return frame.Finish();
    }

    /// <exception cref="InvalidDataException">Not a whole book of this version.</exception>
    public static DisplacedBook Read(ReadOnlyMemory<byte> bytes)
    {
        var book = new DisplacedBook();
        Read(FrameReader.Open(bytes, Magic, Version, out _), book);
        return book;
    }

    public static void Write(FrameWriter frame, DisplacedBook book)
    {
        frame.Number(book.Period?.Year ?? 0);
        frame.Number(book.Period?.Month ?? 0);
        var entries = book.Entries;
        frame.Number(entries.Count);
        foreach (var (fleet, team, cost) in entries)
        {
            frame.Text(fleet.ToString());
            frame.Text(team);
            frame.Number(cost.GpuMilliseconds);
            frame.Number(cost.Amount.Value);
        }
    }

    public static void Read(FrameReader frame, DisplacedBook into)
    {
        var (year, month) = ((int)frame.Number(), (int)frame.Number());
        if (year > 0)
        {
            into.Open(new(year, month));
        }
        for (var left = frame.Number(); left > 0; left--)
        {
            var (fleet, team) = (frame.Fleet(), frame.Text());
            into.Add(fleet, team, new(frame.Number(), new(frame.Number())));
        }
    }
}
