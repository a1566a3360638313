using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>Asks a fleet's provisioner for machines, once they are physically free.</summary>
public sealed class GrantMachines(FleetCatalog fleets, IProvisioner provisioner, RateBooks rates, ICapacityBooks books)
{
    public async Task<GrantAnswer> GrantAsync(Lease lease, CancellationToken cancellationToken)
    {
        var terms = lease.Terms!;
        if (await fleets.FindAsync(terms.Fleet, cancellationToken) is not { } fleet)
        {
            return new GrantAnswer.Refused($"fleet {terms.Fleet} is gone");
        }
        // Behind an enforced wall the slice is the owner's promise; its GPUs may still be busy with work that has yet
        // to yield.
        if (fleet.Policy.WallEnforced && !await AreFreeAsync(terms, cancellationToken))
        {
            return new GrantAnswer.Pending(AskAgain: true);
        }
        return await provisioner.GrantAsync(fleet, lease.Id, terms, cancellationToken);
    }

    /// <summary>A fleet that is gone has nobody to tell.</summary>
    public async Task RevokeAsync(Lease lease, CancellationToken cancellationToken)
    {
        if (await fleets.FindAsync(lease.Terms!.Fleet, cancellationToken) is { } fleet)
        {
            await provisioner.RevokeAsync(fleet, lease.Id, lease.Terms, cancellationToken);
        }
    }

    /// <summary>The lease goes on with fewer machines. A fleet that is gone has nobody to tell.</summary>
    public async Task ResizeAsync(Lease lease, int gpus, CancellationToken cancellationToken)
    {
        if (await fleets.FindAsync(lease.Terms!.Fleet, cancellationToken) is { } fleet)
        {
            await provisioner.ResizeAsync(fleet, lease.Id, lease.Terms, gpus, cancellationToken);
        }
    }

    private async Task<bool> AreFreeAsync(LeaseTerms terms, CancellationToken cancellationToken)
    {
        if (await rates.FindAsync(terms.Fleet, cancellationToken) is not { } seen)
        {
            return false;
        }
        var (book, _) = await books.ReadAsync(terms.Fleet, cancellationToken);
        return seen.Capacity - seen.Running - book.Leased >= terms.Gpus;
    }
}
