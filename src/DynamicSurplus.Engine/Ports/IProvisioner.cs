using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Ports;

/// <summary>Who hands machines over. Calls are idempotent by lease: a repeat answers as the first did.</summary>
public interface IProvisioner
{
    Task<GrantAnswer> GrantAsync(Fleet fleet, LeaseId lease, LeaseTerms terms, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the machines back. Throws where the owner's controller cannot be reached: the effect stays pending.
    /// </summary>
    Task RevokeAsync(Fleet fleet, LeaseId lease, LeaseTerms terms, CancellationToken cancellationToken);

    /// <summary>
    /// Takes machines back until the lease has <paramref name="gpus"/> GPUs left, 1 or more. Throws as revoking does.
    /// </summary>
    Task ResizeAsync(Fleet fleet, LeaseId lease, LeaseTerms terms, int gpus, CancellationToken cancellationToken);
}
