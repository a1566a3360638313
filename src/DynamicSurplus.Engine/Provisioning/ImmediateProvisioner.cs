using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Provisioning;

/// <summary>
/// Grants at once and revokes without a word: for simulation, and for fleets whose machines need no hand-over.
/// </summary>
public sealed class ImmediateProvisioner : IProvisioner
{
    public Task<GrantAnswer> GrantAsync(
        Fleet fleet,
        LeaseId lease,
        LeaseTerms terms,
        CancellationToken cancellationToken
    ) => Task.FromResult<GrantAnswer>(new GrantAnswer.Granted());

    public Task RevokeAsync(Fleet fleet, LeaseId lease, LeaseTerms terms, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task ResizeAsync(
        Fleet fleet,
        LeaseId lease,
        LeaseTerms terms,
        int gpus,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;
}
