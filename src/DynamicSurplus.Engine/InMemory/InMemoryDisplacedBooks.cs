using System.Collections.Concurrent;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryDisplacedBooks : IDisplacedBooks
{
    private readonly ConcurrentDictionary<(int Shard, BillingPeriod Period), (Tick Tick, byte[] Book)> _books = new();

    public Task PutAsync(
        int shard,
        BillingPeriod period,
        Tick tick,
        ReadOnlyMemory<byte> book,
        CancellationToken cancellationToken
    )
    {
        var mine = (tick, book.ToArray());
        _books.AddOrUpdate((shard, period), mine, (_, stored) => stored.Tick >= tick ? stored : mine);
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>> ReadAsync(int shard, BillingPeriod period, CancellationToken cancellationToken) =>
        Task.FromResult<ReadOnlyMemory<byte>>(
            _books.TryGetValue((shard, period), out var stored) ? stored.Book.ToArray() : default
        );
}
