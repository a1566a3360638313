using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>All fleets as they were at one moment. Immutable: any number of threads may read it.</summary>
public sealed class FleetSnapshot
{
    private readonly Shard[] _shards;

    private FleetSnapshot(Shard[] shards) => _shards = shards;

    public int ShardCount => _shards.Length;

    /// <summary>How many fleets there are.</summary>
    public int Count => _shards.Sum(shard => shard.Fleets.Count);

    /// <summary>Every fleet, by shard and then id.</summary>
    public IEnumerable<Versioned<Fleet>> All => _shards.SelectMany(shard => shard.Fleets);

    /// <summary>A shard's fleets, ordered by id (ordinal).</summary>
    public IReadOnlyList<Versioned<Fleet>> InShard(int shard) => _shards[shard].Fleets;

    /// <returns>Null where no such fleet was registered.</returns>
    public Versioned<Fleet>? Find(FleetId id) => _shards[id.Shard(ShardCount)].ById.GetValueOrDefault(id);

    /// <summary>Finds a fleet by the UTF-8 of its id, whatever the bytes are, without making a string.</summary>
    public bool TryFind(ReadOnlySpan<byte> utf8Id, out FleetId fleet, out int shard)
    {
        shard = FleetId.Shard(utf8Id, ShardCount);
        return _shards[shard].ByBytes.TryGetValue(utf8Id, out fleet, out _);
    }

    /// <summary>No fleets, in no state that a directory was ever in.</summary>
    internal static FleetSnapshot Empty(int shardCount)
    {
        var shards = new Shard[shardCount];
        Array.Fill(shards, new Shard(null, []));
        return new(shards);
    }

    /// <summary>What the directory holds now; shards whose stamp stands still are not listed again.</summary>
    internal async Task<FleetSnapshot> RefreshAsync(IFleetDirectory directory, CancellationToken cancellationToken)
    {
        var shards = await Task.WhenAll(_shards.Select((known, index) => RefreshShardAsync(known, index)));
        return shards.SequenceEqual(_shards) ? this : new(shards);

        async Task<Shard> RefreshShardAsync(Shard known, int index)
        {
            // Stamp first: a write between the two calls is then listed twice, never missed.
            var stamp = await directory.StampAsync(index, cancellationToken);
            return stamp == known.Stamp ? known : new(stamp, await directory.ListAsync(index, cancellationToken));
        }
    }

    private sealed class Shard
    {
        public Shard(long? stamp, IReadOnlyList<Versioned<Fleet>> fleets)
        {
            Stamp = stamp;
            Fleets = fleets;
            ById = fleets.ToDictionary(fleet => fleet.Value.Id, FleetIdBytes.Comparer);
            ByBytes = ById.GetAlternateLookup<ReadOnlySpan<byte>>();
        }

        public long? Stamp { get; }

        public IReadOnlyList<Versioned<Fleet>> Fleets { get; }

        public Dictionary<FleetId, Versioned<Fleet>> ById { get; }

        public Dictionary<FleetId, Versioned<Fleet>>.AlternateLookup<ReadOnlySpan<byte>> ByBytes { get; }
    }
}
