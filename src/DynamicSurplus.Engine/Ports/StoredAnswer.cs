namespace DynamicSurplus.Engine.Ports;

/// <summary>An HTTP answer as it was first given.</summary>
public sealed record StoredAnswer(int Status, string ContentType, string? Location, ReadOnlyMemory<byte> Body)
{
    /// <summary>60 KiB: what a column of a storage table holds, less room for growth.</summary>
    public const int MaxBodyBytes = 60 * 1024;
}
