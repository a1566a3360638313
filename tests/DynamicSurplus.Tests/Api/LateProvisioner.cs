using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicSurplus.Tests.Api;

/// <summary>An owner's controller that grants at once, until it is told to say "later".</summary>
internal sealed class LateProvisioner : IProvisioner
{
    public bool IsLate { get; set; }

    public void Replace(IServiceCollection services) => services.AddSingleton<IProvisioner>(this);

    public Task<GrantAnswer> GrantAsync(
        Fleet fleet,
        LeaseId lease,
        LeaseTerms terms,
        CancellationToken cancellationToken
    ) => Task.FromResult<GrantAnswer>(IsLate ? new GrantAnswer.Pending(AskAgain: false) : new GrantAnswer.Granted());

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
