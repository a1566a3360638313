using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace DynamicSurplus.Engine.Wire;

/// <summary>Reads what <see cref="FrameWriter"/> wrote; anything else is a <see cref="CorruptDataException"/>.</summary>
internal ref struct FrameReader
{
    private readonly ReadOnlySpan<byte> _payload;
    private int _position;

    private FrameReader(ReadOnlySpan<byte> payload)
    {
        _payload = payload;
        _position = 0;
    }

    /// <summary>Opens the frame at the front of <paramref name="bytes"/> and checks magic, version, length and checksum.</summary>
    /// <param name="length">Of the whole frame: where the next one begins.</param>
    public static FrameReader Open(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> magic, ushort version, out int length)
    {
        if (bytes.Length < FrameWriter.HeaderBytes || !bytes[..4].SequenceEqual(magic))
        {
            throw new CorruptDataException($"Not a '{Encoding.ASCII.GetString(magic)}' frame.");
        }
        var found = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (found != version)
        {
            throw new CorruptDataException($"Frame version {found}; this build reads version {version}.");
        }
        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (size < 0 || size > bytes.Length - FrameWriter.HeaderBytes)
        {
            throw new CorruptDataException($"Frame of {size} bytes in {bytes.Length - FrameWriter.HeaderBytes}: truncated.");
        }
        var payload = bytes.Slice(FrameWriter.HeaderBytes, size);
        if (Crc32.HashToUInt32(payload) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]))
        {
            throw new CorruptDataException("Frame checksum does not match its bytes.");
        }
        length = FrameWriter.HeaderBytes + size;
        return new(payload);
    }

    public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string Text() => Encoding.UTF8.GetString(Take(Length(1)));

    /// <summary>Copies a column into <paramref name="values"/>, whose length it must have.</summary>
    public void Column<T>(Span<T> values)
        where T : unmanaged
    {
        var count = Number();
        if (count != values.Length)
        {
            throw new CorruptDataException($"A column of {count} where {values.Length} were expected.");
        }
        var bytes = MemoryMarshal.AsBytes(values);
        Take(bytes.Length).CopyTo(bytes);
    }

    private int Length(int unit)
    {
        var count = Number();
        return count >= 0 && count * unit <= _payload.Length - _position
            ? (int)count
            : throw new CorruptDataException($"A length of {count} runs past the frame's end.");
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > _payload.Length - _position)
        {
            throw new CorruptDataException("The frame ends early.");
        }
        var taken = _payload.Slice(_position, bytes);
        _position += bytes;
        return taken;
    }
}
