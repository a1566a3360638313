using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Takes GPUs back where internal demand needs them: who yields is a pure function of the fleet's book.
/// </summary>
public sealed partial class ReclaimCapacity(
    ICapacityBooks books,
    FleetCatalog fleets,
    HandleLeaseCommand handle,
    EngineClock clock,
    ILogger<ReclaimCapacity> logger
)
{
    private const int AtOnce = 8;

    /// <returns>How many leases were given notice.</returns>
    public async Task<int> RunAsync(CapacityBook book, Shortage now, CancellationToken cancellationToken)
    {
        var need = NeedOf(book, now, now.Capacity);
        if (need == 0 || await fleets.FindAsync(book.Fleet, cancellationToken) is not { } fleet)
        {
            return 0;
        }
        var reservations = await books.ListAsync(book.Fleet, cancellationToken);
        var active = reservations.Where(r => r is { State: ReservationState.Active, Tier: LeaseTier.Spot }).ToArray();
        var notice = TimeSpan.FromSeconds(fleet.Policy.NoticeSeconds);
        var candidates = Array.ConvertAll(active, r => ReclaimCandidate.Of(r, notice, clock.UtcNow));
        var chosen = ReclaimSelection.Select(candidates, need).Select(index => active[index].Lease);
        var reason =
            NeedOf(book, now, now.CapacityBefore) == 0 ? ReclaimReason.CapacityLost : ReclaimReason.InternalDemand;
        var noticed = 0;
        await Parallel.ForEachAsync(
            chosen,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (lease, token) => Interlocked.Add(ref noticed, await NoticeAsync(lease, reason, token))
        );
        Reclaimed(book.Fleet, need, noticed);
        return noticed;
    }

    private static int NeedOf(CapacityBook book, Shortage now, double capacity) =>
        ReclaimNeed.Of(
            capacity,
            now.Demand,
            now.Wall,
            book.ActiveFirm + book.HeldFirm,
            book.ActiveSpot + book.HeldSpot
        );

    /// <summary>
    /// One lease that cannot be reached keeps no other from yielding; the next tick sees what is still short.
    /// </summary>
    private async Task<int> NoticeAsync(LeaseId lease, ReclaimReason reason, CancellationToken cancellationToken)
    {
        var tick = clock.Tick;
        var command = new LeaseCommand.Reclaim(CommandId.From($"reclaim-{tick}"), clock.UtcNow, tick, reason);
        try
        {
            var outcome = await handle.RunAsync(lease, command, cancellationToken);
            var isReclaiming = outcome.Lease.Status == LeaseStatus.Reclaiming;
            EngineMetrics.Reclaims.Add(isReclaiming ? 1 : 0);
            return isReclaiming ? 1 : 0;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            NoticeFailed(lease, exception);
            return 0;
        }
    }

    [LoggerMessage(LogLevel.Information, "Fleet {Fleet} needs {Need} GPUs back: {Leases} leases given notice.")]
    private partial void Reclaimed(FleetId fleet, int need, int leases);

    [LoggerMessage(LogLevel.Warning, "Lease {Lease} could not be given notice; the next tick tries again.")]
    private partial void NoticeFailed(LeaseId lease, Exception exception);
}
