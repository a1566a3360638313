using System.Collections.Concurrent;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.InMemory;

/// <summary>The latest events, for who asks in this process; more than <see cref="Most"/> are not kept.</summary>
public sealed class InMemoryEvents : IEventPublisher
{
    /// <summary>1,024: a look back, no store. The journal has them all.</summary>
    public const int Most = 1024;

    private readonly ConcurrentQueue<LeaseEventEnvelope> _events = new();

    public IReadOnlyList<LeaseEventEnvelope> Latest => [.. _events];

    public Task PublishAsync(LeaseEventEnvelope happened, LeaseTerms terms, CancellationToken cancellationToken)
    {
        _events.Enqueue(happened);
        while (_events.Count > Most)
        {
            _events.TryDequeue(out _);
        }
        return Task.CompletedTask;
    }
}
