using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// Reads what <see cref="FrameWriter"/> wrote; anything else is a <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class FrameReader
{
    private readonly ReadOnlyMemory<byte> _payload;
    private int _position;

    private FrameReader(ReadOnlyMemory<byte> payload, ushort version) => (_payload, Version) = (payload, version);

    /// <summary>The frame's own, from 1.</summary>
    public ushort Version { get; }

    /// <summary>
    /// Opens the frame at the front of <paramref name="frame"/> and checks magic, version, length and checksum.
    /// </summary>
    /// <param name="version">The latest that is understood; earlier ones are too.</param>
    /// <param name="length">Of the whole frame: where the next one begins.</param>
    public static FrameReader Open(ReadOnlyMemory<byte> frame, ReadOnlySpan<byte> magic, ushort version, out int length)
    {
        var bytes = frame.Span;
        if (bytes.Length < FrameWriter.HeaderBytes || !bytes[..4].SequenceEqual(magic))
        {
            throw new InvalidDataException($"Not a '{Encoding.ASCII.GetString(magic)}' frame.");
        }
        var found = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (found < 1 || found > version)
        {
            throw new InvalidDataException($"Frame version {found}; this build reads versions 1 to {version}.");
        }
        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (size < 0 || size > bytes.Length - FrameWriter.HeaderBytes)
        {
            throw new InvalidDataException(
                $"Frame of {size} bytes in {bytes.Length - FrameWriter.HeaderBytes}: truncated."
            );
        }
        var payload = frame.Slice(FrameWriter.HeaderBytes, size);
        if (Crc32.HashToUInt32(payload.Span) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]))
        {
            throw new InvalidDataException("Frame checksum does not match its bytes.");
        }
        length = FrameWriter.HeaderBytes + size;
        return new(payload, found);
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
            throw new InvalidDataException($"A column of {count} where {values.Length} were expected.");
        }
        var bytes = MemoryMarshal.AsBytes(values);
        Take(bytes.Length).CopyTo(bytes);
    }

    public FleetId[] Fleets()
    {
        var fleets = new FleetId[Length(8)];
        for (var i = 0; i < fleets.Length; i++)
        {
            fleets[i] = Fleet();
        }
        return fleets;
    }

    public FleetId Fleet()
    {
        var id = Text();
        return FleetId.TryParse(id, out var fleet) ? fleet : throw new InvalidDataException($"'{id}' is no fleet id.");
    }

    public string[] Texts()
    {
        var texts = new string[Length(8)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Text();
        }
        return texts;
    }

    private int Length(int unit)
    {
        var count = Number();
        return count >= 0 && count * unit <= _payload.Length - _position
            ? (int)count
            : throw new InvalidDataException($"A length of {count} runs past the frame's end.");
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > _payload.Length - _position)
        {
            throw new InvalidDataException("The frame ends early.");
        }
        var taken = _payload.Span.Slice(_position, bytes);
        _position += bytes;
        return taken;
    }
}
