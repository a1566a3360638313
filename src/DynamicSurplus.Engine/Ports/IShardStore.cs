using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>A shard's model state and the rate book made of it. Only the pricing cycle writes them.</summary>
public interface IShardStore
{
    /// <returns>Null before the first cycle.</returns>
    Task<Versioned<ReadOnlyMemory<byte>>?> LoadStateAsync(int shard, CancellationToken cancellationToken);

    /// <summary>Replaces the state whole. <paramref name="ifMatch"/> null: only where none exists.</summary>
    /// <returns>The new version, or null on a conflict: another instance won.</returns>
    Task<string?> TrySaveStateAsync(
        int shard,
        ReadOnlyMemory<byte> state,
        string? ifMatch,
        CancellationToken cancellationToken
    );

    /// <summary>Replaces the rate book; its version changes with every call.</summary>
    Task PutBookAsync(int shard, ReadOnlyMemory<byte> book, CancellationToken cancellationToken);

    /// <summary>The rate book, unless it is still the version that the caller has.</summary>
    /// <returns>Null where there is none yet, or none newer than <paramref name="ifNotMatch"/>.</returns>
    Task<Versioned<ReadOnlyMemory<byte>>?> LoadBookAsync(
        int shard,
        string? ifNotMatch,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Appends a tick's record to its hour's file, once: nothing happens where the file already ends with this tick or
    /// a later one.
    /// </summary>
    Task AppendRecordAsync(int shard, Tick tick, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken);

    /// <summary>The hour's file as it stands; empty where there is none.</summary>
    /// <param name="hour">Any instant in the hour, UTC.</param>
    Task<ReadOnlyMemory<byte>> ReadRecordsAsync(int shard, DateTimeOffset hour, CancellationToken cancellationToken);
}
