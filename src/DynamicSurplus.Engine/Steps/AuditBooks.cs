using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Holds everything that is stored against everything else: each journal against itself, each bill against the events
/// that it is made of, each view, reservation and wake-up against its lease's journal, each book against its
/// reservations. Reads only.
/// </summary>
/// <remarks>
/// Exact while nothing runs, however it was stopped: what a pending effect or a wake-up will still mend is no
/// divergence. While leases change, what is read a moment apart may differ.
/// </remarks>
public sealed class AuditBooks(
    IFleetDirectory directory,
    ICapacityBooks books,
    ILeaseJournal journal,
    ILeaseViews views,
    IWakeups wakeups,
    EngineOptions options
)
{
    private const int PageSize = 1000;

    private static readonly DateTimeOffset EndOfTime = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task<AuditReport> RunAsync(CancellationToken cancellationToken)
    {
        var found = new List<Divergence>();
        var derived = await ReadAsync("the lease views", () => ViewsAsync(cancellationToken), found);
        var due = await ReadAsync("the due table", () => DueAsync(cancellationToken), found);
        var viewed = derived?.Count ?? 0;
        var journals = new Journals();
        _ = await ReadAsync("the journal", () => ScanAsync(journals, derived, due, found, cancellationToken), found);
        foreach (var view in journals.IsWhole ? derived?.Values.ToArray() ?? [] : [])
        {
            found.Add(Divergence.Of(view.Lease, view.Version, "a view shows it, and its journal is missing"));
        }

        var fleets = await ReadAsync("the fleets", () => FleetsAsync(cancellationToken), found) ?? [];
        var leases = journals.Sound;
        fleets.UnionWith(leases.Values.Select(lease => lease.Lease.Fleet).OfType<FleetId>());
        var sold = new List<(CapacityBook Book, IReadOnlyList<Reservation> Reservations)>();
        foreach (var fleet in fleets)
        {
            if (await ReadAsync($"fleet {fleet}", () => BookAsync(fleet, cancellationToken), found) is { } read)
            {
                sold.Add(read);
            }
        }
        AuditReservations.Run(sold, leases, journals.IsUnknown, due, found);

        var all = leases.Values.Select(lease => lease.Lease).ToList();
        return new(
            found,
            new(
                leases.Count + journals.Broken.Count,
                journals.Events,
                leases.Values.Sum(lease => (long)lease.Pending.Count),
                all.Count(lease => lease.Status == LeaseStatus.Settled),
                viewed,
                fleets.Count,
                sold.Sum(fleet => fleet.Reservations.Count),
                due?.Sum(ofLease => ofLease.Count()) ?? 0
            ),
            sold.Sum(fleet => fleet.Book.Taken),
            sold.Sum(fleet => fleet.Reservations.Count(r => r.State != ReservationState.Released)),
            [.. all.Where(lease => lease.Terms is not null)],
            [.. leases.Values.SelectMany(lease => lease.Notices)]
        );
    }

    private async Task<Dictionary<LeaseId, LeaseView>> ViewsAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<LeaseId, LeaseView>();
        for (string? cursor = null; ; )
        {
            var page = await views.ListAsync(null, cursor, PageSize, cancellationToken);
            foreach (var view in page.Leases)
            {
                all[view.Lease] = view;
            }
            if (page.Next is null)
            {
                return all;
            }
            cursor = page.Next;
        }
    }

    private async Task<ILookup<LeaseId, Wakeup>> DueAsync(CancellationToken cancellationToken) =>
        (await wakeups.DueAsync(EndOfTime, int.MaxValue, cancellationToken)).ToLookup(wakeup => wakeup.Lease);

    private async Task<HashSet<FleetId>> FleetsAsync(CancellationToken cancellationToken)
    {
        var all = new HashSet<FleetId>();
        for (var shard = 0; shard < options.ShardCount; shard++)
        {
            all.UnionWith((await directory.ListAsync(shard, cancellationToken)).Select(fleet => fleet.Value.Id));
        }
        return all;
    }

    private async Task<(CapacityBook, IReadOnlyList<Reservation>)?> BookAsync(
        FleetId fleet,
        CancellationToken cancellationToken
    ) => ((await books.ReadAsync(fleet, cancellationToken)).Book, await books.ListAsync(fleet, cancellationToken));

    /// <summary>Walks the journal, and takes the view of each lease out of those that are left.</summary>
    private async Task<bool> ScanAsync(
        Journals journals,
        Dictionary<LeaseId, LeaseView>? derived,
        ILookup<LeaseId, Wakeup>? due,
        List<Divergence> found,
        CancellationToken cancellationToken
    )
    {
        await foreach (var stream in journal.ScanAsync(cancellationToken))
        {
            journals.Events += stream.Stream.Events.Count;
            _ = LeaseId.TryParse(stream.Lease, out var id);
            LeaseView? view = null;
            derived?.Remove(id, out view);
            if (AuditStream.Of(stream, found) is not { } lease)
            {
                journals.Broken.Add(id);
                continue;
            }
            journals.Sound.Add(id, lease);
            if (derived is not null)
            {
                Check(lease, view, found);
            }
            if (lease.Lease.NextWake is { } next && !IsWoken(lease, next, due))
            {
                found.Add(Divergence.Of(id, lease.Lease.Version, $"nobody wakes it by {next:O}"));
            }
        }
        return journals.IsWhole = true;
    }

    /// <summary>A view is what its lease was at its version, and no later one waits for nobody.</summary>
    private static void Check(AuditedLease audited, LeaseView? view, List<Divergence> found)
    {
        var lease = audited.Lease;
        var least = audited.LastDone<LeaseEffect.RefreshView>();
        var what = view is null
            ? least is null
                ? null
                : "its view is missing"
            : view.Version > lease.Version || view.Version < 1
                ? $"its view shows event {view.Version}, and its journal ends with {lease.Version}"
                : view.Version < least
                    ? $"its view shows event {view.Version}, and event {least} is done"
                    : Difference.Of(
                        view,
                        LeaseView.Of(audited.States[(int)view.Version], audited.Hashes[(int)view.Version])
                    )
                        is { } difference
                        ? $"its view is wrong: {difference}"
                        : null;
        if (what is not null)
        {
            found.Add(Divergence.Of(lease.Id, view?.Version ?? lease.Version, what));
        }
    }

    private static bool IsWoken(AuditedLease lease, DateTimeOffset next, ILookup<LeaseId, Wakeup>? due) =>
        due is null
        || lease.Pending.Any(pending => pending.Effect is LeaseEffect.ScheduleWake)
        || due[lease.Lease.Id].Any(wakeup => wakeup.At <= next.AddMilliseconds(1));

    /// <summary>What cannot even be read is a divergence, and no reason to stop.</summary>
    private static async Task<T?> ReadAsync<T>(string what, Func<Task<T>> read, List<Divergence> found)
    {
        try
        {
            return await read();
        }
        catch (Exception exception)
            when (exception is InvalidDataException or FormatException or ArgumentException or OverflowException)
        {
            found.Add(new(what, null, exception.Message));
            return default;
        }
    }

    private sealed class Journals
    {
        public Dictionary<LeaseId, AuditedLease> Sound { get; } = [];

        public HashSet<LeaseId> Broken { get; } = [];

        public long Events { get; set; }

        /// <summary>It was read to its end.</summary>
        public bool IsWhole { get; set; }

        /// <summary>Nothing can be held against the journal of such a lease.</summary>
        public bool IsUnknown(LeaseId lease) => Broken.Contains(lease) || (!IsWhole && !Sound.ContainsKey(lease));
    }
}
