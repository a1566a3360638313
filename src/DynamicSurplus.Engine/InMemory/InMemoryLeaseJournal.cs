using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.InMemory;

public sealed class InMemoryLeaseJournal : ILeaseJournal
{
    private readonly ConcurrentDictionary<LeaseId, Entry> _leases = new();

    public Task<LeaseStream> ReadAsync(LeaseId lease, CancellationToken cancellationToken)
    {
        if (!_leases.TryGetValue(lease, out var entry))
        {
            return Task.FromResult(new LeaseStream([], []));
        }
        lock (entry.Gate)
        {
            return Task.FromResult(
                new LeaseStream(
                    [.. entry.Events.Select(static stored => stored with { Json = stored.Json.ToArray() })],
                    [.. entry.Effects.Values.Select(static effect => effect with { Json = effect.Json.ToArray() })]
                )
            );
        }
    }

    public Task<bool> TryAppendAsync(
        LeaseId lease,
        long expectedVersion,
        IReadOnlyList<StoredEvent> events,
        IReadOnlyList<PendingEffect> effects,
        IReadOnlyList<PendingEffect> done,
        CancellationToken cancellationToken
    )
    {
        JournalLimits.Require(expectedVersion, events, effects, done);
        var entry = _leases.GetOrAdd(lease, static _ => new());
        lock (entry.Gate)
        {
            if (entry.Events.Count != expectedVersion)
            {
                return Task.FromResult(false);
            }
            foreach (var stored in events)
            {
                entry.Events.Add(stored with { Json = stored.Json.ToArray() });
            }
            foreach (var effect in effects)
            {
                entry.Effects.Add((effect.Version, effect.Index), effect with { Json = effect.Json.ToArray() });
            }
            entry.Remove(done);
            return Task.FromResult(true);
        }
    }

    public Task CompleteAsync(LeaseId lease, IReadOnlyList<PendingEffect> done, CancellationToken cancellationToken)
    {
        if (_leases.TryGetValue(lease, out var entry))
        {
            lock (entry.Gate)
            {
                entry.Remove(done);
            }
        }
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<ScannedStream> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var lease in _leases.Keys.Order())
        {
            yield return new(lease.ToString(), await ReadAsync(lease, cancellationToken), []);
        }
    }

    private sealed class Entry
    {
        public Lock Gate { get; } = new();

        /// <summary>The one at index i has version i + 1.</summary>
        public List<StoredEvent> Events { get; } = [];
        public SortedDictionary<(long Version, int Index), PendingEffect> Effects { get; } = [];

        public void Remove(IReadOnlyList<PendingEffect> done)
        {
            foreach (var effect in done)
            {
                Effects.Remove((effect.Version, effect.Index));
            }
        }
    }
}
