using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// A shard's state as bytes: one frame of tick, tick length, stamp, fleet ids, columns, requests folded lately, and
/// since version 2 what displaced demand costs and what tenants counted for lately.
/// </summary>
internal static class ShardStateCodec
{
    private const ushort Version = 2;

    private const long BeforeAnyStamp = -1;

    private static ReadOnlySpan<byte> Magic => "DSSS"u8;

    public static ReadOnlyMemory<byte> Write(ShardState state)
    {
        var frame = new FrameWriter(Magic, Version);
        frame.Number(state.LastTick.StartSeconds);
        frame.Number(state.Length.Seconds);
        frame.Number(state.Stamp);
        frame.Fleets(state.Index.Fleets);
        state.Accept(new ColumnWriting(frame, state.Count));
        frame.Number(state.Risk.LastTick.StartSeconds);
        frame.Number(state.Risk.LastTickSeconds);
        for (var column = 0; column < RiskColumns.RawColumns; column++)
        {
            frame.Column<byte>(state.Risk.Raw(column));
        }
        frame.Number(state.FoldedRequests.Count);
        foreach (var (key, tick) in state.FoldedRequests)
        {
            frame.Text(key);
            frame.Number(tick.StartSeconds);
        }
        WriteMoney(frame, state);
        frame.Number(state.TenantLoads.All.Count);
        foreach (var ((fleet, tenant), load) in state.TenantLoads.All)
        {
            frame.Text(fleet.ToString());
            frame.Text(tenant.ToString());
            frame.Number(BitConverter.DoubleToInt64Bits(load.GpuTicks));
            frame.Number(load.Tick.StartSeconds);
        }
        return frame.Finish();
    }

    /// <exception cref="InvalidDataException">Not a whole state of a version up to this one.</exception>
    public static ShardState Read(ReadOnlyMemory<byte> bytes)
    {
        var frame = FrameReader.Open(bytes, Magic, Version, out _);
        var lastTick = new Tick(frame.Number());
        var state = new ShardState(TickLength.FromSeconds((int)frame.Number()))
        {
            LastTick = lastTick,
            Stamp = frame.Number(),
        };
        state.Restore(new FleetIndex(frame.Fleets()));
        state.Accept(new ColumnReading(frame, state.Count));
        state.Risk.LastTick = new(frame.Number());
        state.Risk.LastTickSeconds = (int)frame.Number();
        for (var column = 0; column < RiskColumns.RawColumns; column++)
        {
            frame.Column(state.Risk.Raw(column));
        }
        for (var left = frame.Number(); left > 0; left--)
        {
            state.Remember(frame.Text(), new(frame.Number()));
        }
        if (frame.Version < 2)
        {
            state.Stamp = BeforeAnyStamp; // the next cycle adopts the fleets again, and with them their teams
            return state;
        }
        ReadMoney(frame, state);
        for (var left = frame.Number(); left > 0; left--)
        {
            var fleet = FleetId.Parse(frame.Text());
            var tenant = TenantId.TryParse(frame.Text(), out var known) ? known : default;
            var load = new TenantLoad(BitConverter.Int64BitsToDouble(frame.Number()), new(frame.Number()));
            state.TenantLoads.Restore(fleet, tenant, load);
        }
        return state;
    }

    private static void WriteMoney(FrameWriter frame, ShardState state)
    {
        frame.Number(state.LastTickSeconds);
        frame.Texts(state.Teams);
        state.Own.AcceptMoney(new ColumnWriting(frame, state.Count));
        DisplacedBookCodec.Write(frame, state.Displaced);
    }

    private static void ReadMoney(FrameReader frame, ShardState state)
    {
        state.LastTickSeconds = frame.Number();
        state.Teams = frame.Texts();
        state.Own.AcceptMoney(new ColumnReading(frame, state.Count));
        DisplacedBookCodec.Read(frame, state.Displaced);
    }
}
