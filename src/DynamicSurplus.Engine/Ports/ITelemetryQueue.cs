namespace DynamicSurplus.Engine.Ports;

/// <summary>Telemetry messages, at least once, each at most 64 KiB as sent on the wire.</summary>
public interface ITelemetryQueue
{
    /// <exception cref="ArgumentException">The body is larger than <see cref="QueueLimits.MaxBodyBytes"/>.</exception>
    Task SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="most"/> messages in no promised order, hidden from others for a while.</summary>
    /// <param name="most">1 to 32.</param>
    /// <param name="visibility">
    /// How long they stay hidden: above 0, at most 7 days, rounded up to whole seconds.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Either is outside its range.</exception>
    Task<IReadOnlyList<QueuedMessage>> ReceiveAsync(int most, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>The message is done. False if its receipt is stale: somebody else has it now, or finished it.</summary>
    Task<bool> CompleteAsync(QueuedMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a body that cannot be handled on the poison queue, with the reason, cut as <see cref="PoisonMessage.Fit"/>
    /// says. Its message is completed after that: a crash between the two leaves it twice, never nowhere.
    /// </summary>
    Task PoisonAsync(ReadOnlyMemory<byte> body, string reason, CancellationToken cancellationToken);

    /// <summary>
    /// Up to 32 poisoned messages, oldest first, as stored: reason, then body. For operators to look at.
    /// </summary>
    Task<IReadOnlyList<PoisonMessage>> PeekPoisonAsync(CancellationToken cancellationToken);
}
