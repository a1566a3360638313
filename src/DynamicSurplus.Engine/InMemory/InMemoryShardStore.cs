using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryShardStore : IShardStore
{
    private readonly ConcurrentDictionary<int, Shard> _shards = new();

    public Task<Versioned<ReadOnlyMemory<byte>>?> LoadStateAsync(int shard, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            return Task.FromResult(Copy(one.State));
        }
    }

    public Task<string?> TrySaveStateAsync(
        int shard,
        ReadOnlyMemory<byte> state,
        string? ifMatch,
        CancellationToken cancellationToken
    )
    {
        var one = At(shard);
        lock (one.Gate)
        {
            if (!string.Equals(one.State?.Version, ifMatch, StringComparison.Ordinal))
            {
                return Task.FromResult<string?>(null);
            }
            one.State = new(state.ToArray(), one.NextVersion());
            return Task.FromResult<string?>(one.State.Version);
        }
    }

    public Task PutBookAsync(int shard, ReadOnlyMemory<byte> book, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            one.Book = new(book.ToArray(), one.NextVersion());
        }
        return Task.CompletedTask;
    }

    public Task<Versioned<ReadOnlyMemory<byte>>?> LoadBookAsync(
        int shard,
        string? ifNotMatch,
        CancellationToken cancellationToken
    )
    {
        var one = At(shard);
        lock (one.Gate)
        {
            return Task.FromResult(
                string.Equals(one.Book?.Version, ifNotMatch, StringComparison.Ordinal) ? null : Copy(one.Book)
            );
        }
    }

    public Task AppendRecordAsync(int shard, Tick tick, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            var hour = HourOf(tick.Start);
            if (!one.Records.TryGetValue(hour, out var file))
            {
                file = new();
                one.Records.Add(hour, file);
            }
            if (file.Last < tick)
            {
                file.Last = tick;
                file.Frames.Write(frame.Span);
            }
        }
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>> ReadRecordsAsync(
        int shard,
        DateTimeOffset hour,
        CancellationToken cancellationToken
    )
    {
        var one = At(shard);
        lock (one.Gate)
        {
            return Task.FromResult<ReadOnlyMemory<byte>>(
                one.Records.TryGetValue(HourOf(hour), out var file) ? file.Frames.WrittenSpan.ToArray() : default
            );
        }
    }

    private static long HourOf(DateTimeOffset instant) => instant.ToUnixTimeSeconds() / 3600;

    private static Versioned<ReadOnlyMemory<byte>>? Copy(Versioned<ReadOnlyMemory<byte>>? stored) =>
        stored is null ? null : stored with { Value = stored.Value.ToArray() };

    private Shard At(int shard) => _shards.GetOrAdd(shard, static _ => new());

    private sealed class Shard
    {
        private long _writes;

        public Lock Gate { get; } = new();
        public Versioned<ReadOnlyMemory<byte>>? State { get; set; }
        public Versioned<ReadOnlyMemory<byte>>? Book { get; set; }
        public Dictionary<long, HourFile> Records { get; } = [];

        public string NextVersion() => (++_writes).ToString(CultureInfo.InvariantCulture);
    }

    private sealed class HourFile
    {
        public Tick Last { get; set; } = new(long.MinValue);
        public ArrayBufferWriter<byte> Frames { get; } = new();
    }
}
