using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// Writes a checksummed frame of columns, little-endian: magic (4 bytes), version (2), reserved (2), payload length
/// (4), CRC-32 of the payload (4), payload.
/// </summary>
/// <remarks>Columns go as their raw bytes: a shard of 65,536 fleets is copied, not converted.</remarks>
internal sealed class FrameWriter
{
    public const int HeaderBytes = 16;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public FrameWriter(ReadOnlySpan<byte> magic, ushort version)
    {
        var header = _buffer.GetSpan(HeaderBytes)[..HeaderBytes];
        header.Clear();
        magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], version);
        _buffer.Advance(HeaderBytes);
    }

    public void Number(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Number(bytes);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(bytes));
        _buffer.Advance(bytes);
    }

    /// <summary>The column's bytes, behind its length; on a little-endian machine a plain copy.</summary>
    public void Column<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Number(values.Length);
        _buffer.Write(MemoryMarshal.AsBytes(values));
    }

    public void Texts(IReadOnlyCollection<string> texts)
    {
        Number(texts.Count);
        foreach (var text in texts)
        {
            Text(text);
        }
    }

    public void Fleets(ReadOnlySpan<FleetId> fleets)
    {
        Number(fleets.Length);
        foreach (var fleet in fleets)
        {
            Text(fleet.ToString());
        }
    }

    public ReadOnlyMemory<byte> Finish()
    {
        var frame = _buffer.WrittenMemory;
        var header = MemoryMarshal.AsMemory(frame).Span;
        var payload = frame.Span[HeaderBytes..];
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Crc32.HashToUInt32(payload));
        return frame;
    }
}
