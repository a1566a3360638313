using System.Diagnostics.CodeAnalysis;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Functions.Orchestrations;

/// <summary>
/// Reclaims as <see cref="ReclaimWave"/> orchestrations. Where the platform cannot be reached, the notices are given
/// here and now: what the owner needs back does not wait for it.
/// </summary>
public sealed class DurableReclaims(DurableClientScope durable, DirectReclaims direct) : IReclaimWaves
{
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps the wave from starting, notices are given.")]
    public async Task BeginAsync(FleetId fleet, Shortage shortage, CancellationToken cancellationToken)
    {
        if (durable.Client is not { } client)
        {
            await direct.BeginAsync(fleet, shortage, cancellationToken);
            return;
        }
        var order = ReclaimOrder.Of(fleet, shortage);
        try
        {
            await client.SignalOrStartAsync(
                ReclaimWave.InstanceOf(order.Fleet),
                (ReclaimOrder.Signal, order),
                (nameof(ReclaimWave), order),
                cancellationToken
            );
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            await direct.BeginAsync(fleet, shortage, cancellationToken);
        }
    }
}
