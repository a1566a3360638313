using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// The rate books as this process knows them: read again when they may have changed, pushed where the cycle runs here.
/// </summary>
public sealed class RateBooks(IShardStore store, EngineOptions options, TimeProvider time) : IDisposable
{
    private readonly Slot[] _slots = [.. Enumerable.Range(0, options.ShardCount).Select(_ => new Slot())];
    private readonly SemaphoreSlim _loading = new(1, 1);

    /// <summary>
    /// A twentieth of a tick as it passes on the wall, at most a second: how old a cached book may be.
    /// </summary>
    private TimeSpan MaxAge => TimeSpan.FromSeconds(Math.Min(1, options.TickLength.Seconds / options.Speed / 20));

    public async ValueTask<RateEntry?> FindAsync(FleetId fleet, CancellationToken cancellationToken) =>
        (await CurrentAsync(fleet.Shard(options.ShardCount), cancellationToken)).Find(fleet);

    /// <summary>The shard's newest book; an empty one before the first cycle.</summary>
    public ValueTask<RateBook> CurrentAsync(int shard, CancellationToken cancellationToken)
    {
        var known = _slots[shard].Known;
        return known is not null && time.GetElapsedTime(known.ReadAt) <= MaxAge
            ? new(known.Book)
            : new(LoadAsync(shard, cancellationToken));
    }

    public async Task<IReadOnlyList<RateBook>> AllAsync(CancellationToken cancellationToken)
    {
        var books = new RateBook[options.ShardCount];
        for (var shard = 0; shard < books.Length; shard++)
        {
            books[shard] = await CurrentAsync(shard, cancellationToken);
        }
        return books;
    }

    /// <summary>What the cycle in this process has just published.</summary>
    public void Published(int shard, RateBook book) => _slots[shard].Offer(new(book, null, time.GetTimestamp()));

    public void Dispose() => _loading.Dispose();

    private async Task<RateBook> LoadAsync(int shard, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            var slot = _slots[shard];
            if (slot.Known is { } fresh && time.GetElapsedTime(fresh.ReadAt) <= MaxAge)
            {
                return fresh.Book;
            }
            var loaded = await store.LoadBookAsync(shard, slot.Known?.Version, cancellationToken);
            var book = loaded is null ? slot.Known?.Book ?? RateBook.Empty : RateBookCodec.Read(loaded.Value);
            slot.Offer(new(book, loaded?.Version ?? slot.Known?.Version, time.GetTimestamp()));
            return slot.Known!.Book;
        }
        finally
        {
            _loading.Release();
        }
    }

    private sealed record Reading(RateBook Book, string? Version, long ReadAt);

    private sealed class Slot
    {
        private volatile Reading? _known;

        public Reading? Known => _known;

        /// <summary>A slow reader never puts an older book over a newer one.</summary>
        public void Offer(Reading reading)
        {
            Reading? known;
            do
            {
                known = _known;
                if (known is not null && known.Book.Tick > reading.Book.Tick)
                {
                    return;
                }
            } while (Interlocked.CompareExchange(ref _known, reading, known) != known);
        }
    }
}
