using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Pricing.Kernel;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// A tick's inputs and outputs as a frame; an hour's file is its ticks' frames, one behind the other. Each frame stands
/// alone: tick, tick length, fleet ids, columns.
/// </summary>
internal static class TickRecordCodec
{
    private const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "DSTR"u8;

    /// <param name="book">Made of the state.</param>
    public static ReadOnlyMemory<byte> Write(ShardState state, RateBook book)
    {
        var frame = new FrameWriter(Magic, Version);
        frame.Number(state.LastTick.StartSeconds);
        frame.Number(state.Length.Seconds);
        frame.Fleets(state.Index.Fleets);
        state.Pricing.Accept(new ColumnWriting(frame, state.Count));
        frame.Column<float>(state.Own.InterestBefore.AsSpan(0, state.Count));
        frame.Column<float>(state.Own.LogRateBefore.AsSpan(0, state.Count));
        frame.Column<int>(book.Columns.SpotSteps);
        frame.Column<int>(book.Columns.FirmSteps);
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
                records.Add(Read(frame, fleets.Length, place, fleet, tick, tickLength));
            }
            file = file[length..];
        }
        return records;
    }

    private static TickRecord Read(
        FrameReader frame,
        int count,
        int place,
        FleetId fleet,
        Tick tick,
        TickLength tickLength
    )
    {
        var columns = new PricingColumns();
        columns.Resize(count);
        columns.Accept(new ColumnReading(frame, count));
        var (interestBefore, logRateBefore) = (new float[count], new float[count]);
        frame.Column<float>(interestBefore);
        frame.Column<float>(logRateBefore);
        var (spot, firm) = (new int[count], new int[count]);
        frame.Column<int>(spot);
        frame.Column<int>(firm);
        return TickRecord.Of(
            fleet,
            tick,
            tickLength,
            columns,
            place,
            interestBefore[place],
            logRateBefore[place],
            Rate.FromSteps(spot[place]),
            Rate.FromSteps(firm[place])
        );
    }
}
