using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Tells the spot leases of a fleet that notices may come soon. Its cushion is what is left of it beside the owner's
/// demand and everything leased: below 0, notices go out.
/// </summary>
public sealed class WarnLeases(ICapacityBooks books, FleetCatalog fleets, CommandLeases commands)
{
    /// <param name="before">The fleet's cushion at the tick before, GPUs.</param>
    /// <param name="now">At this tick. Only a fall below the policy's limit is told, not that it stays there.</param>
    public async Task RunAsync(FleetId fleet, double before, double now, CancellationToken cancellationToken)
    {
        var limit = (await fleets.FindAsync(fleet, cancellationToken))?.Policy.WarnBelowGpus;
        if (!(now < limit && before >= limit))
        {
            return;
        }
        var running = (await books.ListAsync(fleet, cancellationToken)).Where(r =>
            r is { State: ReservationState.Active, Tier: LeaseTier.Spot }
        );
        var cushion = Math.Max(0, (int)Math.Floor(now));
        await commands.RunAsync(
            running,
            reservation => reservation.Lease,
            (_, id, at, tick) => new LeaseCommand.Warn(id, at, tick, cushion),
            _ => true,
            "warn",
            cancellationToken
        );
    }
}
