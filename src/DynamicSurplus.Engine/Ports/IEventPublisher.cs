using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Ports;

/// <summary>Where events go that others outside listen to.</summary>
public interface IEventPublisher
{
    /// <summary>
    /// Publishes an event at least once: a repeat is known by its lease and version. Throws where it could not: the
    /// effect stays pending.
    /// </summary>
    /// <param name="terms">Of the lease: whose it is, and on which fleet.</param>
    Task PublishAsync(LeaseEventEnvelope happened, LeaseTerms terms, CancellationToken cancellationToken);
}
