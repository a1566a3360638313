using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Holds what a fleet has leased against what it has left: who yields, whose notice is withdrawn, and which firm lease
/// fails, are pure functions of the fleet's book and the leases in it.
/// </summary>
public sealed partial class ReclaimCapacity(
    ICapacityBooks books,
    FleetCatalog fleets,
    CommandLeases commands,
    LeaseStreams streams,
    EngineClock clock,
    ILogger<ReclaimCapacity> logger
)
{
    /// <summary>Whether there is anything to do for a fleet.</summary>
    public static bool IsNeeded(CapacityBook book, Shortage now) =>
        NeedOf(book, now) > 0
        || FailingOf(book, now) > 0
        || (book.InNotice > 0 && ReturningOf(book, now) < book.InNotice);

    /// <summary>
    /// Gives notice to whoever yields, or withdraws notices that are not needed any more. A repeat finds the need
    /// smaller by what is in notice already.
    /// </summary>
    /// <returns>All leases of the fleet in notice, earlier ones too.</returns>
    public async Task<IReadOnlyList<ReclaimNotice>> RunAsync(
        FleetId fleet,
        Shortage now,
        CancellationToken cancellationToken
    )
    {
        var (book, _) = await books.ReadAsync(fleet, cancellationToken);
        if (FailingOf(book, now) is > 0 and var failing)
        {
            await FailAsync(book, now, failing, cancellationToken);
        }
        if (NeedOf(book, now) is > 0 and var need)
        {
            await GiveNoticeAsync(book, now, need, cancellationToken);
        }
        else if (ReturningOf(book, now) < book.InNotice)
        {
            await RescindAsync(book, now, await InNoticeAsync(fleet, cancellationToken), cancellationToken);
        }
        return
        [
            .. (await InNoticeAsync(fleet, cancellationToken)).Select(n => new ReclaimNotice(
                n.Lease.Id,
                n.Lease.NoticeDeadline
            )),
        ];
    }

    /// <summary>Leases that can be given notice, in the order of their ids, and what each would lose by it.</summary>
    internal static (Reservation[] Eligible, ReclaimCandidate[] Candidates) Candidates(
        IReadOnlyList<Reservation> reservations,
        TimeSpan fleetNotice,
        DateTimeOffset now
    )
    {
        var eligible = reservations.Where(r => ReclaimCandidate.IsEligible(r, now)).ToArray();
        return (eligible, Array.ConvertAll(eligible, r => ReclaimCandidate.Of(r, fleetNotice, now)));
    }

    /// <summary>Whole GPUs for which notice must be given now; those in notice already are not counted again.</summary>
    private static int NeedOf(CapacityBook book, Shortage now) => NeedOf(book, now, now.Capacity, inNotice: 0);

    private static int NeedOf(CapacityBook book, Shortage now, double capacity, int inNotice) =>
        ReclaimNeed.Of(
            capacity,
            now.Demand,
            now.Wall,
            book.ActiveFirm + book.HeldFirm,
            book.ActiveSpot + book.HeldSpot + inNotice
        );

    /// <summary>Of the GPUs in notice, those that must still come back.</summary>
    private static int ReturningOf(CapacityBook book, Shortage now) =>
        Math.Min(book.InNotice, NeedOf(book, now, now.Capacity, book.InNotice));

    /// <summary>
    /// Firm GPUs that are not there. What only one tick saw may be telemetry's fault: two in a row are believed.
    /// </summary>
    private static int FailingOf(CapacityBook book, Shortage now) =>
        Math.Max(0, (int)Math.Ceiling(book.ActiveFirm - Math.Max(now.Capacity, now.CapacityBefore) - 1e-3));

    private async Task GiveNoticeAsync(CapacityBook book, Shortage now, int need, CancellationToken cancellationToken)
    {
        if (await fleets.FindAsync(book.Fleet, cancellationToken) is not { } fleet)
        {
            return;
        }
        var reservations = await books.ListAsync(book.Fleet, cancellationToken);
        var notice = TimeSpan.FromSeconds(fleet.Policy.NoticeSeconds);
        var (eligible, candidates) = Candidates(reservations, notice, clock.UtcNow);
        var isLoss = NeedOf(book, now, now.CapacityBefore, inNotice: 0) == 0;
        var reason = isLoss ? ReclaimReason.CapacityLost : ReclaimReason.InternalDemand;
        var parts = ReclaimSelection
            .Select(candidates, need)
            .Select(part => (eligible[part.Index].Lease, Gpus: part.Gpus));
        var noticed = await commands.RunAsync(
            parts,
            part => part.Lease,
            (part, id, at, tick) => new LeaseCommand.Reclaim(id, at, tick, reason, part.Gpus),
            lease => lease.Status == LeaseStatus.Reclaiming && !lease.IsDrill,
            "reclaim",
            cancellationToken
        );
        EngineMetrics.Reclaims.Add(noticed);
        Reclaimed(book.Fleet, need, noticed);
    }

    /// <summary>What the operator asked back stays asked back, whatever demand does.</summary>
    private async Task RescindAsync(
        CapacityBook book,
        Shortage now,
        IReadOnlyList<(Reservation Reservation, Lease Lease)> noticed,
        CancellationToken cancellationToken
    )
    {
        var isWanted = noticed.ToLookup(n => n.Lease.ReclaimReason == ReclaimReason.OperatorRequest);
        var withdrawable = isWanted[false].Where(n => n.Lease.Status == LeaseStatus.Reclaiming).ToArray();
        var need = ReturningOf(book, now) - isWanted[true].Sum(n => n.Reservation.InNoticeGpus);
        var candidates = Array.ConvertAll(
            withdrawable,
            n => ReclaimCandidate.Of(n.Reservation with { Gpus = n.Reservation.InNoticeGpus }, default, clock.UtcNow)
        );
        var chosen = RescindSelection.Select(candidates, Math.Max(0, need));
        var withdrawn = await commands.RunAsync(
            chosen.Select(index => withdrawable[index].Lease.Id),
            id => id,
            (_, id, at, tick) => new LeaseCommand.Rescind(id, at, tick),
            lease => lease.Status == LeaseStatus.Active,
            "rescind",
            cancellationToken
        );
        if (withdrawn > 0)
        {
            Rescinded(book.Fleet, withdrawn);
        }
    }

    private async Task FailAsync(CapacityBook book, Shortage now, int gpus, CancellationToken cancellationToken)
    {
        var firm = (await books.ListAsync(book.Fleet, cancellationToken))
            .Where(r => r is { State: ReservationState.Active, Tier: LeaseTier.Firm })
            .ToArray();
        var candidates = Array.ConvertAll(firm, r => ReclaimCandidate.Of(r, default, clock.UtcNow));
        var detail = $"The fleet has {Math.Floor(now.Capacity)} GPUs left, fewer than its firm leases.";
        var failed = await commands.RunAsync(
            ReclaimSelection.Whole(candidates, gpus).Select(index => firm[index].Lease),
            id => id,
            (_, id, at, tick) => new LeaseCommand.Fail(id, at, tick, detail),
            lease => lease.EndReason == EndReason.FirmFailed,
            "fail",
            cancellationToken
        );
        EngineMetrics.FirmFailures.Add(failed);
        Failed(book.Fleet, gpus, failed);
    }

    private async Task<IReadOnlyList<(Reservation Reservation, Lease Lease)>> InNoticeAsync(
        FleetId fleet,
        CancellationToken cancellationToken
    )
    {
        var noticed = new List<(Reservation, Lease)>();
        var reservations = await books.ListAsync(fleet, cancellationToken);
        foreach (var reservation in reservations.Where(r => r.State == ReservationState.InNotice))
        {
            noticed.Add((reservation, (await streams.ReadAsync(reservation.Lease, cancellationToken)).Lease));
        }
        return noticed;
    }

    [LoggerMessage(LogLevel.Information, "Fleet {Fleet} needs {Need} GPUs back: {Leases} leases given notice.")]
    private partial void Reclaimed(FleetId fleet, int need, int leases);

    [LoggerMessage(LogLevel.Information, "Fleet {Fleet}: demand fell, {Leases} notices withdrawn.")]
    private partial void Rescinded(FleetId fleet, int leases);

    [LoggerMessage(LogLevel.Error, "Fleet {Fleet} lacks {Gpus} firm GPUs: {Leases} firm leases failed.")]
    private partial void Failed(FleetId fleet, int gpus, int leases);
}
