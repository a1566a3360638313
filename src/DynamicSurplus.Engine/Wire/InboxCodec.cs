using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Engine.Wire;

/// <summary>
/// A batch of one shard's samples as a small columnar blob, little-endian:
/// <code>
/// magic "DSin" | version u32 | fleets u32 | samples u32
/// fleets × (length u8, id ASCII)
/// samples × fleet u32 | samples × at i64 ms | samples × healthy f64 | … running | … queued | … watts (0: not stated)
/// CRC-32 of all before u32
/// </code>
/// </summary>
public static class InboxCodec
{
    /// <summary>Of the format; a reader refuses any other.</summary>
    public const int Version = 1;

    private const uint Magic = 0x6E69_5344; // "DSin"
    private const int HeaderBytes = 16;
    private const int SampleBytes = 4 + 8 + (4 * 8);
    private const int ChecksumBytes = 4;

    public static byte[] Encode(SampleColumns batch)
    {
        var names = batch.Fleets.Sum(fleet => 1 + fleet.ToString().Length);
        var blob = new byte[HeaderBytes + names + (batch.Count * SampleBytes) + ChecksumBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(blob, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(4), Version);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(8), batch.Fleets.Count);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(12), batch.Count);
        var rest = blob.AsSpan(HeaderBytes);
        foreach (var fleet in batch.Fleets)
        {
            rest[0] = (byte)Encoding.ASCII.GetBytes(fleet.ToString(), rest[1..]);
            rest = rest[(1 + rest[0])..];
        }
        foreach (var reference in batch.FleetReferences)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, reference);
            rest = rest[4..];
        }
        foreach (var at in batch.AtMilliseconds)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, at);
            rest = rest[8..];
        }
        Write(batch.Healthy, ref rest);
        Write(batch.Running, ref rest);
        Write(batch.Queued, ref rest);
        Write(batch.Watts, ref rest);
        Crc32.Hash(blob.AsSpan(..^ChecksumBytes), rest);
        return blob;
    }

    /// <param name="into">Emptied first; empty again where the blob cannot be read.</param>
    /// <exception cref="InvalidDataException">No such blob, another version, cut off, or damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> blob, SampleColumns into)
    {
        into.Clear();
        var (fleets, samples) = Open(blob);
        var rest = blob[HeaderBytes..^ChecksumBytes];
        for (var fleet = 0; fleet < fleets; fleet++)
        {
            if (
                rest.IsEmpty
                || rest.Length <= rest[0]
                || !FleetId.TryParse(Encoding.ASCII.GetString(rest.Slice(1, rest[0])), out var id)
                || into.ReferenceTo(id) != fleet
            )
            {
                into.Clear();
                throw new InvalidDataException(
                    $"The telemetry blob's fleet {fleet} is no fleet id, or one it has already."
                );
            }
            rest = rest[(1 + rest[0])..];
        }
        if (rest.Length != samples * SampleBytes)
        {
            into.Clear();
            throw new InvalidDataException(
                $"The telemetry blob says {samples} samples and has {rest.Length} bytes for them, "
                    + $"not {samples * SampleBytes}."
            );
        }
        ReadSamples(rest, (int)samples, into);
    }

    private static void ReadSamples(ReadOnlySpan<byte> columns, int samples, SampleColumns into)
    {
        var at = columns[(4 * samples)..];
        var healthy = at[(8 * samples)..];
        var running = healthy[(8 * samples)..];
        var queued = running[(8 * samples)..];
        var watts = queued[(8 * samples)..];
        for (var row = 0; row < samples; row++)
        {
            var fleet = BinaryPrimitives.ReadUInt32LittleEndian(columns[(4 * row)..]);
            if (fleet >= into.Fleets.Count)
            {
                into.Clear();
                throw new InvalidDataException(
                    $"The telemetry blob's sample {row} is of fleet {fleet}, which it lacks."
                );
            }
            into.Add(
                (int)fleet,
                BinaryPrimitives.ReadInt64LittleEndian(at[(8 * row)..]),
                BinaryPrimitives.ReadDoubleLittleEndian(healthy[(8 * row)..]),
                BinaryPrimitives.ReadDoubleLittleEndian(running[(8 * row)..]),
                BinaryPrimitives.ReadDoubleLittleEndian(queued[(8 * row)..]),
                BinaryPrimitives.ReadDoubleLittleEndian(watts[(8 * row)..])
            );
        }
    }

    private static (long Fleets, long Samples) Open(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < HeaderBytes + ChecksumBytes || BinaryPrimitives.ReadUInt32LittleEndian(blob) != Magic)
        {
            throw new InvalidDataException($"A blob of {blob.Length} bytes in the inbox is no telemetry blob.");
        }
        var version = BinaryPrimitives.ReadUInt32LittleEndian(blob[4..]);
        if (version != Version)
        {
            throw new InvalidDataException(
                $"The telemetry blob has version {version}; this program reads version {Version}."
            );
        }
        if (
            Crc32.HashToUInt32(blob[..^ChecksumBytes])
            != BinaryPrimitives.ReadUInt32LittleEndian(blob[^ChecksumBytes..])
        )
        {
            throw new InvalidDataException("The telemetry blob is damaged or cut off: its checksum does not match.");
        }
        return (
            BinaryPrimitives.ReadUInt32LittleEndian(blob[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(blob[12..])
        );
    }

    private static void Write(ReadOnlySpan<double> column, ref Span<byte> rest)
    {
        foreach (var value in column)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(rest, value);
            rest = rest[8..];
        }
    }
}
