using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>The inbox in memory, which takes nothing for a while.</summary>
internal sealed class StubbornInbox : ITelemetryInbox
{
    private readonly InMemoryTelemetryInbox _inner = new();

    /// <summary>Additions that fail, from now on.</summary>
    public int Failures { get; set; }

    /// <summary>Called before an addition, and may cancel or throw.</summary>
    public Action? Adding { get; set; }

    public Task AddAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        Adding?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        return Failures-- > 0
            ? throw new IOException("The inbox is down.")
            : _inner.AddAsync(shard, batch, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListAsync(int shard, int most, CancellationToken cancellationToken) =>
        _inner.ListAsync(shard, most, cancellationToken);

    public Task<ReadOnlyMemory<byte>?> ReadAsync(int shard, string entry, CancellationToken cancellationToken) =>
        _inner.ReadAsync(shard, entry, cancellationToken);

    public Task DeleteAsync(int shard, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
        _inner.DeleteAsync(shard, entries, cancellationToken);
}
