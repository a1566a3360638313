using System.Collections.Concurrent;
using System.Globalization;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryTelemetryInbox : ITelemetryInbox
{
    private readonly ConcurrentDictionary<int, Shard> _shards = new();

    public Task AddAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        var copy = batch.ToArray();
        var one = At(shard);
        lock (one.Gate)
        {
            one.Added++;
            one.Entries.Add(one.Added.ToString("D19", CultureInfo.InvariantCulture), copy);
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(int shard, int most, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. one.Entries.Keys.Take(most)]);
        }
    }

    public Task<ReadOnlyMemory<byte>?> ReadAsync(int shard, string entry, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            // Typed: a plain null would become an empty memory.
            ReadOnlyMemory<byte>? none = null;
            return Task.FromResult(one.Entries.TryGetValue(entry, out var batch) ? batch.ToArray() : none);
        }
    }

    public Task DeleteAsync(int shard, IReadOnlyList<string> entries, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            foreach (var entry in entries)
            {
                one.Entries.Remove(entry);
            }
        }
        return Task.CompletedTask;
    }

    private Shard At(int shard) => _shards.GetOrAdd(shard, static _ => new());

    private sealed class Shard
    {
        public Lock Gate { get; } = new();
        public SortedDictionary<string, byte[]> Entries { get; } = new(StringComparer.Ordinal);
        public long Added { get; set; }
    }
}
