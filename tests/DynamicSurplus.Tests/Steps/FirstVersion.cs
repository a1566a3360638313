using System.Buffers.Binary;
using System.IO.Hashing;

namespace DynamicSurplus.Tests.Steps;

/// <summary>A shard's state as version 1 of its form had it: without what displaced demand costs.</summary>
internal static class FirstVersion
{
    private const int HeaderBytes = 16;

    /// <summary>
    /// Of one fleet of the team <c>platform</c>, nothing displaced: seconds, a text, three columns and an empty
    /// book end the later form.
    /// </summary>
    private const int MoneyBytes = 8 + (8 + 8 + 8) + (8 + 4) + (8 + 8) + (8 + 8) + (3 * 8);

    public static byte[] Of(ReadOnlyMemory<byte> state)
    {
        var bytes = state[..^MoneyBytes].ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), bytes.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Crc32.HashToUInt32(bytes.AsSpan(HeaderBytes)));
        return bytes;
    }
}
