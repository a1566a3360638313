using System.Collections.Concurrent;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryRequestLog : IRequestLog
{
    private readonly ConcurrentDictionary<int, Shard> _shards = new();

    public Task RecordAsync(int shard, Tick tick, SeenRequest request, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            if (!one.Ticks.TryGetValue(tick, out var requests))
            {
                requests = new(StringComparer.Ordinal);
                one.Ticks.Add(tick, requests);
            }
            requests.TryAdd(request.Key, request);
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<SeenRequest>> ListAsync(int shard, Tick before, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            return Task.FromResult<IReadOnlyList<SeenRequest>>([
                .. one.Ticks.TakeWhile(tick => tick.Key < before).SelectMany(static tick => tick.Value.Values),
            ]);
        }
    }

    public Task DeleteAsync(int shard, Tick before, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            foreach (var tick in one.Ticks.Keys.TakeWhile(tick => tick < before).ToArray())
            {
                one.Ticks.Remove(tick);
            }
        }
        return Task.CompletedTask;
    }

    private Shard At(int shard) => _shards.GetOrAdd(shard, static _ => new());

    private sealed class Shard
    {
        public Lock Gate { get; } = new();
        public SortedDictionary<Tick, SortedDictionary<string, SeenRequest>> Ticks { get; } = [];
    }
}
