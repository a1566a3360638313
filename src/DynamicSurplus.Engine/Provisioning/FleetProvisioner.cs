using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Provisioning;

/// <summary>Each fleet's own choice: its webhook where it names one, else at once.</summary>
public sealed class FleetProvisioner(ImmediateProvisioner immediate, WebhookProvisioner webhook) : IProvisioner
{
    public Task<GrantAnswer> GrantAsync(
        Fleet fleet,
        LeaseId lease,
        LeaseTerms terms,
        CancellationToken cancellationToken
    ) => For(fleet).GrantAsync(fleet, lease, terms, cancellationToken);

    public Task RevokeAsync(Fleet fleet, LeaseId lease, LeaseTerms terms, CancellationToken cancellationToken) =>
        For(fleet).RevokeAsync(fleet, lease, terms, cancellationToken);

    public Task ResizeAsync(
        Fleet fleet,
        LeaseId lease,
        LeaseTerms terms,
        int gpus,
        CancellationToken cancellationToken
    ) => For(fleet).ResizeAsync(fleet, lease, terms, gpus, cancellationToken);

    private IProvisioner For(Fleet fleet) => fleet.Provisioner?.Webhook is null ? immediate : webhook;
}
