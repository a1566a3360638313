namespace DynamicSurplus.Engine.Ports;

/// <summary>What a queue message may be. Storage queues take 64 KiB of Base64 text.</summary>
public static class QueueLimits
{
    /// <summary>48 KiB: 64 KiB once encoded.</summary>
    public const int MaxBodyBytes = 48 * 1024;

    /// <summary>Deliveries after which a message is poison.</summary>
    public const int MaxDeliveries = 5;
}
