namespace DynamicSurplus.Engine.Ports;

/// <summary>
/// Ingested batches that no pricing cycle has folded yet. Ingest only adds; the cycle reads, folds and then deletes.
/// </summary>
public interface ITelemetryInbox
{
    /// <summary>Adds one encoded batch. Entries list in the order of their names, roughly that of arrival.</summary>
    Task AddAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="most"/> entry names, oldest first.</summary>
    Task<IReadOnlyList<string>> ListAsync(int shard, int most, CancellationToken cancellationToken);

    /// <returns>Null if it is gone.</returns>
    Task<ReadOnlyMemory<byte>?> ReadAsync(int shard, string entry, CancellationToken cancellationToken);

    /// <summary>Deletes the entries; those already gone are no error.</summary>
    Task DeleteAsync(int shard, IReadOnlyList<string> entries, CancellationToken cancellationToken);
}
