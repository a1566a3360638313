using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// One append-only stream of events per lease, and the effects that are still to be done. The journal is the truth.
/// </summary>
public interface ILeaseJournal
{
    /// <summary>The whole stream and its pending effects, in order; empty where the lease is unknown.</summary>
    Task<LeaseStream> ReadAsync(LeaseId lease, CancellationToken cancellationToken);

    /// <summary>
    /// Appends events and pending effects and removes done ones in one transaction, if the stream still ends with
    /// <paramref name="expectedVersion"/> (0: does not exist).
    /// </summary>
    /// <param name="events">One or more, of the versions that follow.</param>
    /// <param name="effects">Of these events.</param>
    /// <param name="done">Effects of earlier events; those already gone are no error.</param>
    /// <returns>False on a conflict; then nothing was written.</returns>
    /// <exception cref="ArgumentException">
    /// As <see cref="JournalLimits.Require"/> says; then nothing was written.
    /// </exception>
    Task<bool> TryAppendAsync(
        LeaseId lease,
        long expectedVersion,
        IReadOnlyList<StoredEvent> events,
        IReadOnlyList<PendingEffect> effects,
        IReadOnlyList<PendingEffect> done,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Every stream in order of lease, for whoever proves what is stored: damage is told, and stops nothing. Exact
    /// while nobody writes.
    /// </summary>
    /// <exception cref="InvalidDataException">The rest cannot be read at all.</exception>
    IAsyncEnumerable<ScannedStream> ScanAsync(CancellationToken cancellationToken);

    /// <summary>Removes effects that are done; those already gone are no error.</summary>
    Task CompleteAsync(LeaseId lease, IReadOnlyList<PendingEffect> done, CancellationToken cancellationToken);
}
