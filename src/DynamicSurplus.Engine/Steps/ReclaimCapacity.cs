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
    LeaseStreams streams,
    EngineClock clock,
    ILogger<ReclaimCapacity> logger
)
{
    private const int AtOnce = 8;

    /// <summary>Whole GPUs for which notice must be given now; those in notice already are not counted again.</summary>
    public static int NeedOf(CapacityBook book, Shortage now) => NeedOf(book, now, now.Capacity);

    /// <summary>Gives notice to whoever yields. A repeat finds the need smaller by what is in notice already.</summary>
    /// <returns>All leases of the fleet in notice, earlier ones too.</returns>
    public async Task<IReadOnlyList<ReclaimNotice>> RunAsync(
        FleetId fleet,
        Shortage now,
        CancellationToken cancellationToken
    )
    {
        var (book, _) = await books.ReadAsync(fleet, cancellationToken);
        if (NeedOf(book, now) > 0)
        {
            await GiveNoticeAsync(book, now, cancellationToken);
        }
        var inNotice = (await books.ListAsync(fleet, cancellationToken)).Where(r =>
            r.State == ReservationState.InNotice
        );
        var notices = new List<ReclaimNotice>();
        foreach (var reservation in inNotice)
        {
            var lease = (await streams.ReadAsync(reservation.Lease, cancellationToken)).Lease;
            notices.Add(new(lease.Id, lease.NoticeDeadline));
        }
        return notices;
    }

    private async Task GiveNoticeAsync(CapacityBook book, Shortage now, CancellationToken cancellationToken)
    {
        if (await fleets.FindAsync(book.Fleet, cancellationToken) is not { } fleet)
        {
            return;
        }
        var need = NeedOf(book, now);
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
