using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Pricing.Kernel;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// A tick's inputs and outputs as a frame; an hour's file is its ticks' frames, one behind the other. Each frame stands
/// alone: tick, tick length, fleet ids, columns, and since version 2 what displaced demand cost.
/// </summary>
internal static class TickRecordCodec
{
    private const ushort Version = 2;

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
        frame.Number(state.LastTickSeconds);
        frame.Column<long>(state.Own.DisplacedInTickMicroUsd.AsSpan(0, state.Count));
        return frame.Finish();
    }

    /// <summary>One fleet's records of an hour's file, oldest first.</summary>
    /// <exception cref="InvalidDataException">The file is cut off or altered.</exception>
    public static IReadOnlyList<TickRecord> Read(ReadOnlyMemory<byte> file, FleetId fleet) =>
        Read(file, fleets => Array.IndexOf(fleets, fleet) is >= 0 and var place ? [place] : []);

    /// <summary>All records of an hour's file, oldest tick first.</summary>
    /// <exception cref="InvalidDataException">The file is cut off or altered.</exception>
    public static IReadOnlyList<TickRecord> ReadAll(ReadOnlyMemory<byte> file) =>
        Read(file, fleets => Enumerable.Range(0, fleets.Length));

    private static List<TickRecord> Read(ReadOnlyMemory<byte> file, Func<FleetId[], IEnumerable<int>> placesOf)
    {
        var records = new List<TickRecord>();
        while (!file.IsEmpty)
        {
            var frame = FrameReader.Open(file, Magic, Version, out var length);
            var (tick, tickLength) = (new Tick(frame.Number()), TickLength.FromSeconds((int)frame.Number()));
            var fleets = frame.Fleets();
            int[] places = [.. placesOf(fleets)];
            if (places.Length > 0)
            {
                Read(frame, fleets, places, tick, tickLength, records);
            }
            file = file[length..];
        }
        return records;
    }

    private static void Read(
        FrameReader frame,
        FleetId[] fleets,
        int[] places,
        Tick tick,
        TickLength tickLength,
        List<TickRecord> into
    )
    {
        var count = fleets.Length;
        var columns = new PricingColumns();
        columns.Resize(count);
        columns.Accept(new ColumnReading(frame, count));
        var (interestBefore, logRateBefore) = (new float[count], new float[count]);
        frame.Column<float>(interestBefore);
        frame.Column<float>(logRateBefore);
        var (spot, firm) = (new int[count], new int[count]);
        frame.Column<int>(spot);
        frame.Column<int>(firm);
        var (seconds, displaced) = (0L, new long[count]);
        if (frame.Version >= 2)
        {
            seconds = frame.Number();
            frame.Column<long>(displaced);
        }
        into.AddRange(
            places.Select(place =>
                TickRecord.Of(
                    fleets[place],
                    tick,
                    tickLength,
                    columns,
                    place,
                    interestBefore[place],
                    logRateBefore[place],
                    Rate.FromSteps(spot[place]),
                    Rate.FromSteps(firm[place]),
                    seconds,
                    new(displaced[place])
                )
            )
        );
    }
}
