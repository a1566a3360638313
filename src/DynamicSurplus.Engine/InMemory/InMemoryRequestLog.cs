using System.Collections.Concurrent;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryRequestLog : IRequestLog
{
    private readonly ConcurrentDictionary<int, Shard> _shards = new();

    public Task RecordAsync(int shard, SeenRequest request, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            if (!one.Ticks.TryGetValue(request.Tick, out var requests))
            {
                requests = new(StringComparer.Ordinal);
                one.Ticks.Add(request.Tick, requests);
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

    public Task DeleteAsync(int shard, IReadOnlyList<SeenRequest> requests, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            foreach (var request in requests)
            {
                if (
                    one.Ticks.TryGetValue(request.Tick, out var ofTick)
                    && ofTick.Remove(request.Key)
                    && ofTick.Count == 0
                )
                {
                    one.Ticks.Remove(request.Tick);
                }
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
