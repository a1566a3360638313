using System.Collections.Concurrent;
using System.Globalization;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryFleetDirectory(EngineOptions options) : IFleetDirectory
{
    private readonly ConcurrentDictionary<int, Shard> _shards = new();

    public Task<Versioned<Fleet>?> FindAsync(FleetId id, CancellationToken cancellationToken)
    {
        var shard = ShardOf(id);
        lock (shard.Gate)
        {
            return Task.FromResult(shard.Fleets.GetValueOrDefault(id));
        }
    }

    public Task<IReadOnlyList<Versioned<Fleet>>> ListAsync(int shard, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            return Task.FromResult<IReadOnlyList<Versioned<Fleet>>>([.. one.Fleets.Values]);
        }
    }

    public Task<long> StampAsync(int shard, CancellationToken cancellationToken)
    {
        var one = At(shard);
        lock (one.Gate)
        {
            return Task.FromResult(one.Stamp);
        }
    }

    public Task<string?> TryPutAsync(Fleet fleet, string? ifMatch, CancellationToken cancellationToken)
    {
        var shard = ShardOf(fleet.Id);
        lock (shard.Gate)
        {
            if (!string.Equals(shard.Fleets.GetValueOrDefault(fleet.Id)?.Version, ifMatch, StringComparison.Ordinal))
            {
                return Task.FromResult<string?>(null);
            }
            shard.Stamp++;
            var version = shard.Stamp.ToString(CultureInfo.InvariantCulture);
            shard.Fleets[fleet.Id] = new(fleet, version);
            return Task.FromResult<string?>(version);
        }
    }

    public Task<bool> TryDeleteAsync(FleetId id, string ifMatch, CancellationToken cancellationToken)
    {
        var shard = ShardOf(id);
        lock (shard.Gate)
        {
            if (!string.Equals(shard.Fleets.GetValueOrDefault(id)?.Version, ifMatch, StringComparison.Ordinal))
            {
                return Task.FromResult(false);
            }
            shard.Stamp++;
            return Task.FromResult(shard.Fleets.Remove(id));
        }
    }

    private Shard ShardOf(FleetId id) => At(id.Shard(options.ShardCount));

    private Shard At(int shard) => _shards.GetOrAdd(shard, static _ => new());

    private sealed class Shard
    {
        public Lock Gate { get; } = new();
        public SortedDictionary<FleetId, Versioned<Fleet>> Fleets { get; } = [];

        /// <summary>Also the newest version: unique, as every write moves it.</summary>
        public long Stamp { get; set; }
    }
}
