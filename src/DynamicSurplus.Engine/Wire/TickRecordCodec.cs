using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// A tick's inputs and outputs as a frame; an hour's file is its ticks' frames, one behind the other. Each frame stands
/// alone: tick, tick length, fleet ids, columns.
/// </summary>
internal static class TickRecordCodec
{
    private const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "DSTR"u8;

    public static ReadOnlyMemory<byte> Write(ShardState state)
    {
        var frame = new FrameWriter(Magic, Version);
        frame.Number(state.LastTick.StartSeconds);
        frame.Number(state.Length.Seconds);
        frame.Fleets(state.Index.Fleets);
        var columns = state.Record();
        columns.Accept(new ColumnWriting(frame, state.Count));
        return frame.Finish();
    }

    /// <summary>One fleet's records of an hour's file, oldest first.</summary>
    /// <exception cref="InvalidDataException">The file is cut off or altered.</exception>
    public static IReadOnlyList<TickRecord> Read(ReadOnlyMemory<byte> file, FleetId fleet)
    {
        var records = new List<TickRecord>();
        while (!file.IsEmpty)
        {
            var frame = FrameReader.Open(file, Magic, Version, out var length);
            var (tick, tickLength) = (new Tick(frame.Number()), TickLength.FromSeconds((int)frame.Number()));
            var fleets = frame.Fleets();
            if (Array.IndexOf(fleets, fleet) is >= 0 and var place)
            {
                var columns = new TickRecordColumns();
                columns.Accept(new ColumnGrowth(fleets.Length));
                columns.Accept(new ColumnReading(frame, fleets.Length));
                records.Add(columns.RecordAt(place, fleet, tick, tickLength));
            }
            file = file[length..];
        }
        return records;
    }
}
