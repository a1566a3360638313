using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Functions.Events;

/// <summary>
/// Tells one publisher after the other. Where one fails those behind it wait, and the ones before it are told again:
/// they know a repeat.
/// </summary>
public sealed class EventsInTurn(params IReadOnlyList<IEventPublisher> publishers) : IEventPublisher
{
    public async Task PublishAsync(LeaseEventEnvelope happened, LeaseTerms terms, CancellationToken cancellationToken)
    {
        foreach (var publisher in publishers)
        {
            await publisher.PublishAsync(happened, terms, cancellationToken);
        }
    }
}
