namespace DynamicSurplus.Engine.Ports;

/// <summary>Telemetry messages, at least once, each at most 64 KiB as sent on the wire.</summary>
public interface ITelemetryQueue
{
    /// <exception cref="ArgumentException">The body is larger than <see cref="QueueLimits.MaxBodyBytes"/>.</exception>
    Task SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="most"/> (1 to 32) messages, hidden from others for <paramref name="visibility"/>, rounded up to whole seconds.</summary>
    Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int most, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>The message is done. False if its receipt is stale: somebody else has it now.</summary>
    Task<bool> CompleteAsync(QueuedMessage message, CancellationToken cancellationToken);

    /// <summary>Moves a message that cannot be handled to the poison queue, with the reason.</summary>
    Task PoisonAsync(QueuedMessage message, string reason, CancellationToken cancellationToken);

    /// <summary>Up to 32 poisoned messages, oldest first, as stored: reason, then body. For operators to look at.</summary>
    Task<IReadOnlyList<PoisonMessage>> PeekPoisonAsync(CancellationToken cancellationToken);
}
