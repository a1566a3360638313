using System.Text;

namespace DynamicSurplus.Engine.Ports;

/// <summary>A message that was given up, and why.</summary>
public sealed record PoisonMessage(string Reason, ReadOnlyMemory<byte> Body)
{
    /// <summary>1,000 characters: a sentence with a value in it.</summary>
    public const int MaxReasonLength = 1_000;

    /// <summary>Bytes that stay free for the frame which tells the reason from the body.</summary>
    public const int FrameBytes = 4;

    /// <summary>
    /// What fits in one message: the reason cut to <see cref="MaxReasonLength"/>, then as much of the body's beginning
    /// as
    /// <see cref="QueueLimits.MaxBodyBytes"/> leaves beside the reason (UTF-8) and the frame.
    /// </summary>
    public static PoisonMessage Fit(string reason, ReadOnlyMemory<byte> body)
    {
        var length = Math.Min(reason.Length, MaxReasonLength);
        if (length < reason.Length && char.IsHighSurrogate(reason[length - 1]))
        {
            length--; // half a character is no text
        }
        var kept = reason[..length];
        var room = QueueLimits.MaxBodyBytes - FrameBytes - Encoding.UTF8.GetByteCount(kept);
        return new(kept, body[..Math.Min(body.Length, room)]);
    }
}
