using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Contracts;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

/// <summary>The in-memory directory, counting what is asked of it; it fails on demand.</summary>
internal sealed class WatchedDirectory(int shardCount) : IFleetDirectory
{
    private readonly InMemoryFleetDirectory _inner = new(new() { ShardCount = shardCount });
    private int _stamps;
    private int _lists;

    public int Stamps => _stamps;

    public int Lists => _lists;

    public bool IsDown { get; set; }

    public Task RegisterAsync(string id) =>
        _inner.TryPutAsync(Example.Fleet(FleetId.Parse(id)), null, TestContext.Current.CancellationToken);

    public Task<Versioned<Fleet>?> FindAsync(FleetId id, CancellationToken cancellationToken) =>
        _inner.FindAsync(id, cancellationToken);

    public async Task<IReadOnlyList<Versioned<Fleet>>> ListAsync(int shard, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lists);
        await Task.Yield();
        return await _inner.ListAsync(shard, cancellationToken);
    }

    public async Task<long> StampAsync(int shard, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _stamps);
        await Task.Yield();
        return IsDown
            ? throw new IOException("The directory is down.")
            : await _inner.StampAsync(shard, cancellationToken);
    }

    public Task<string?> TryPutAsync(Fleet fleet, string? ifMatch, CancellationToken cancellationToken) =>
        _inner.TryPutAsync(fleet, ifMatch, cancellationToken);

    public Task<bool> TryDeleteAsync(FleetId id, string ifMatch, CancellationToken cancellationToken) =>
        _inner.TryDeleteAsync(id, ifMatch, cancellationToken);
}
