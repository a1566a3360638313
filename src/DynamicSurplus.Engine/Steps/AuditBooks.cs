using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Holds everything that is stored against everything else: each book against its reservations, each reservation
/// against its lease's journal, each statement against the events that it is made of. Reads only.
/// </summary>
/// <remarks>Exact on a quiet installation; while leases change, what it reads a moment apart may differ.</remarks>
public sealed class AuditBooks(
    IFleetDirectory directory,
    ICapacityBooks books,
    ILeaseViews views,
    LeaseStreams streams,
    ReadLeaseEvents events,
    EngineClock clock,
    EngineOptions options
)
{
    private const int PageSize = 1000;

    public async Task<AuditReport> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        var (taken, reserved) = (0, 0);
        for (var shard = 0; shard < options.ShardCount; shard++)
        {
            foreach (var fleet in await directory.ListAsync(shard, cancellationToken))
            {
                var (book, _) = await books.ReadAsync(fleet.Value.Id, cancellationToken);
                var reservations = await books.ListAsync(fleet.Value.Id, cancellationToken);
                if (CapacityLedger.Recount(book, reservations) is var recount && recount != book)
                {
                    findings.Add($"The book of {book.Fleet} says {book}, its reservations {recount}.");
                }
                foreach (var reservation in reservations)
                {
                    await CheckAsync(reservation, findings, cancellationToken);
                }
                taken += book.Taken;
                reserved += reservations.Count(r => r.State != ReservationState.Released);
            }
        }
        var (leases, notices) = (new List<Lease>(), new List<NoticeKept>());
        for (string? cursor = null; ; )
        {
            var page = await views.ListAsync(null, cursor, PageSize, cancellationToken);
            foreach (var view in page.Leases)
            {
                leases.Add(await CheckAsync(view, findings, notices, cancellationToken));
            }
            if (page.Next is null)
            {
                return new(findings, taken, reserved, leases, notices);
            }
            cursor = page.Next;
        }
    }

    /// <summary>A reservation counts just what its lease's journal says.</summary>
    private async Task CheckAsync(Reservation reservation, List<string> findings, CancellationToken cancellationToken)
    {
        var lease = (await streams.ReadAsync(reservation.Lease, cancellationToken)).Lease;
        var isRight =
            lease.Fleet == reservation.Fleet
            && (lease.Terms is null || lease.Gpus == reservation.Gpus)
            && lease.Status switch
            {
                LeaseStatus.Held or LeaseStatus.Granting => reservation.State == ReservationState.Held,
                LeaseStatus.Active => reservation.State == ReservationState.Active,
                LeaseStatus.Reclaiming when !lease.IsDrill => reservation.State == ReservationState.InNotice
                    && reservation.InNoticeGpus == lease.ReclaimedGpus,
                LeaseStatus.Reclaiming => reservation.State == ReservationState.Active,
                LeaseStatus.Lapsed or LeaseStatus.Ended or LeaseStatus.Settled => reservation.State
                    == ReservationState.Released,
                _ => false,
            };
        if (!isRight)
        {
            findings.Add(
                $"Lease {reservation.Lease} is {lease.Status}, "
                    + $"its reservation on {reservation.Fleet} {reservation.State}."
            );
        }
    }

    /// <summary>A lease's events follow each other, and its bill follows from them.</summary>
    private async Task<Lease> CheckAsync(
        LeaseView view,
        List<string> findings,
        List<NoticeKept> notices,
        CancellationToken cancellationToken
    )
    {
        var lease = Lease.None(view.Lease);
        try
        {
            var happened = await events.RunAsync(view.Lease, cancellationToken);
            lease = happened.Aggregate(lease, LeaseDecider.Evolve);
            notices.AddRange(NoticeKept.In(happened));
        }
        catch (InvalidDataException exception)
        {
            findings.Add(exception.Message);
            return lease;
        }
        if (LeaseView.Of(lease) != view)
        {
            findings.Add(
                $"Lease {view.Lease}: the view shows version {view.Version}, the journal ends with {lease.Version}."
            );
        }
        var statement = LeaseStatement.Of(lease, clock.UtcNow);
        if (lease.Status == LeaseStatus.Settled && statement.Total != lease.Amount)
        {
            findings.Add($"Lease {view.Lease} was settled at {lease.Amount} USD; its events make {statement.Total}.");
        }
        return lease;
    }
}
