using System.Buffers.Binary;
using System.Text;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Cloud.Queues;

/// <summary>
/// A poisoned message as stored: two bytes that no JSON begins with, the reason's length in bytes (16 bits, big
/// endian), the reason (UTF-8), the body.
/// </summary>
internal static class PoisonFrame
{
    private const ushort Magic = 0xD550;

    public static byte[] Write(PoisonMessage poison)
    {
        var length = Encoding.UTF8.GetByteCount(poison.Reason);
        var frame = new byte[PoisonMessage.FrameBytes + length + poison.Body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, Magic);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(sizeof(ushort)), (ushort)length);
        Encoding.UTF8.GetBytes(poison.Reason, frame.AsSpan(PoisonMessage.FrameBytes));
        poison.Body.Span.CopyTo(frame.AsSpan(PoisonMessage.FrameBytes + length));
        return frame;
    }

    /// <summary>What a host's own queue trigger gave up has no frame: its body is all there is.</summary>
    public static PoisonMessage Read(byte[] stored)
    {
        if (stored.Length >= PoisonMessage.FrameBytes && BinaryPrimitives.ReadUInt16BigEndian(stored) == Magic)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(stored.AsSpan(sizeof(ushort)));
            var body = PoisonMessage.FrameBytes + length;
            if (body <= stored.Length)
            {
                var reason = Encoding.UTF8.GetString(stored, PoisonMessage.FrameBytes, length);
                return new(reason, stored.AsMemory(body));
            }
        }
        return new($"given up after {QueueLimits.MaxDeliveries} deliveries", stored);
    }
}
