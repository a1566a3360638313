using System.Collections.Concurrent;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Proves that reservations, books and journals agree, and that somebody will wake each lease; repairs and records what
/// does not. The journal is right; each book is the sum of its reservations.
/// </summary>
/// <remarks>
/// <para>
/// Safe while leases change. What looks wrong of a lease is looked at again after a while, and repaired only if it is
/// wrong in the same way still, under the guards that keep it anyway: books and reservations by compare-and-set on the
/// book, a hold that never began by the wake-up that frees it, views by their version.
/// </para>
/// <para>
/// Leases are found by their reservations and by their wake-ups: one that has lost both is known to its journal alone.
/// </para>
/// </remarks>
public sealed partial class ReconcileBooks(
    IFleetDirectory directory,
    ICapacityBooks books,
    ILeaseViews views,
    IWakeups wakeups,
    LeaseStreams streams,
    LeaseInspection inspection,
    WakeLease wake,
    RepairRecord record,
    EngineClock clock,
    EngineOptions options,
    ILogger<ReconcileBooks> logger
)
{
    private const int AtOnce = 8;

    /// <summary>Tries at a book that changes while it is counted; then the next pass counts it.</summary>
    private const int Tries = 8;

    /// <param name="shard">Whose fleets.</param>
    /// <param name="settle">
    /// On the wall, between the two looks at what seems wrong of a lease: longer than anything takes to finish what it
    /// began. Null: as long as a request lives.
    /// </param>
    public async Task<ReconcileReport> RunAsync(int shard, TimeSpan? settle, CancellationToken cancellationToken)
    {
        var run = $"reconcile-{shard}-{clock.UtcNow.ToUnixTimeMilliseconds()}";
        var fleets = (await directory.ListAsync(shard, cancellationToken)).Select(stored => stored.Value).ToList();
        var (unequal, places) = await CountAsync(fleets, cancellationToken);
        foreach (var wakeup in await wakeups.DueAsync(DateTimeOffset.MaxValue, int.MaxValue, cancellationToken))
        {
            if (wakeup.Fleet.Shard(options.ShardCount) == shard)
            {
                places.TryAdd((wakeup.Lease, wakeup.Fleet), 0);
            }
        }
        var suspects = await InspectAsync(places.Keys, fleets, cancellationToken);
        var (repairs, corrected) = (new List<Repair>(), new ConcurrentBag<Repair?>());
        if (suspects.Count > 0)
        {
            await Task.Delay(settle ?? options.RequestLife / options.Speed, cancellationToken);
            var again = await InspectAsync(
                suspects.Select(suspect => (suspect.State.Lease.Id, suspect.Fleet)),
                fleets,
                cancellationToken
            );
            var before = suspects.ToDictionary(suspect => (suspect.State.Lease.Id, suspect.Fleet));
            foreach (var lease in again)
            {
                var first = before[(lease.State.Lease.Id, lease.Fleet)];
                if (LeaseInspection.IsSame(first.State, lease.State))
                {
                    repairs.AddRange(await RepairAsync(run, lease, first.Wrong & lease.Wrong, cancellationToken));
                }
            }
        }
        await EachAsync(
            unequal,
            async (fleet, token) => corrected.Add(await CorrectAsync(run, fleet, token)),
            cancellationToken
        );
        repairs.AddRange(corrected.OfType<Repair>());
        Reconciled(fleets.Count, places.Count, repairs.Count(repair => repair.IsDone));
        return new(fleets.Count, places.Count, repairs);
    }

    /// <summary>Fleets whose book is not the sum of its reservations, and where leases have one.</summary>
    private async Task<(
        ConcurrentBag<FleetId> Unequal,
        ConcurrentDictionary<(LeaseId, FleetId), byte> Places
    )> CountAsync(List<Fleet> fleets, CancellationToken cancellationToken)
    {
        var (unequal, places) = (new ConcurrentBag<FleetId>(), new ConcurrentDictionary<(LeaseId, FleetId), byte>());
        await EachAsync(
            fleets.Select(fleet => fleet.Id),
            async (fleet, token) =>
            {
                var count = await CountAsync(fleet, token);
                if (!count.IsEqual)
                {
                    unequal.Add(fleet);
                }
                foreach (var reservation in count.Reservations)
                {
                    places[(reservation.Lease, fleet)] = 0;
                }
            },
            cancellationToken
        );
        return (unequal, places);
    }

    /// <summary>A book and its reservations at one instant: no commit came between.</summary>
    /// <exception cref="ContendedException">One did, at every try.</exception>
    private async Task<Count> CountAsync(FleetId fleet, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var (book, version) = await books.ReadAsync(fleet, cancellationToken);
            var reservations = await books.ListAsync(fleet, cancellationToken);
            var (_, after) = await books.ReadAsync(fleet, cancellationToken);
            if (string.Equals(version, after, StringComparison.Ordinal))
            {
                return new(book, version, reservations);
            }
            await Backoff.AfterAsync(attempt, cancellationToken);
        }
        throw new ContendedException($"The capacity book of {fleet} changed at each of {Tries} counts.");
    }

    /// <summary>Those of which something seems wrong.</summary>
    private async Task<IReadOnlyCollection<InspectedLease>> InspectAsync(
        IEnumerable<(LeaseId Lease, FleetId Fleet)> places,
        List<Fleet> fleets,
        CancellationToken cancellationToken
    )
    {
        // A hold without a stream lapses within its quote's life: whatever will free it is due by then.
        var life = fleets.Select(fleet => options.QuoteLife(fleet.Policy)).DefaultIfEmpty().Max();
        var until = clock.UtcNow + life + options.LapseGrace + options.TickLength.Span;
        var due = await wakeups.DueAsync(until, int.MaxValue, cancellationToken);
        var soon = due.Select(wakeup => wakeup.Lease).ToHashSet();
        var wrong = new ConcurrentBag<InspectedLease>();
        await EachAsync(
            places,
            async (place, token) =>
            {
                var lease = await inspection.LookAsync(place.Lease, place.Fleet, soon, token);
                if (lease.Wrong != Discrepancy.None)
                {
                    wrong.Add(lease);
                }
            },
            cancellationToken
        );
        return wrong;
    }

    private async Task<List<Repair>> RepairAsync(
        string run,
        InspectedLease lease,
        Discrepancy wrong,
        CancellationToken cancellationToken
    )
    {
        var (id, repairs) = (lease.State.Lease.Id, new List<Repair>());
        var status = $"is {lease.State.Lease.Status} at version {lease.State.Lease.Version}";
        if (wrong.HasFlag(Discrepancy.Reservation))
        {
            await DoAsync(
                RepairKind.Reservation,
                $"{status}; {lease.Fleet} had {Words(lease.Found)}, and should have {Words(lease.Right)}",
                () => RestoreAsync(lease, cancellationToken)
            );
        }
        if (wrong.HasFlag(Discrepancy.View))
        {
            await DoAsync(
                RepairKind.View,
                $"{status}; its view showed something else",
                () => ShowAsync(lease.State, cancellationToken)
            );
        }
        if (wrong.HasFlag(Discrepancy.Wakeup))
        {
            await DoAsync(
                RepairKind.Wakeup,
                lease.State.Lease.Status == LeaseStatus.None
                    ? $"{lease.Fleet} had {Words(lease.Found)} for a lease that never began"
                    : $"{status}; nothing would have woken it",
                () => WatchAsync(lease, cancellationToken)
            );
        }
        return repairs;

        async Task DoAsync(RepairKind kind, string detail, Func<Task<bool>> repair) =>
            repairs.Add(await record.RunAsync(run, kind, $"/v1/leases/{id}", detail, repair, cancellationToken));
    }

    /// <summary>Puts the reservation where the journal says, and the book with it.</summary>
    private async Task<bool> RestoreAsync(InspectedLease lease, CancellationToken cancellationToken)
    {
        var (id, right) = (lease.State.Lease.Id, lease.Right!);
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var count = await CountAsync(lease.Fleet, cancellationToken);
            // The journal is read after the book's version: an event behind it will find the reservation restored.
            if (!LeaseInspection.IsSame(lease.State, await streams.ReadAsync(id, cancellationToken)))
            {
                return false;
            }
            var others = count.Reservations.Where(reservation => reservation.Lease != id);
            var book = CapacityLedger.Recount(count.Book, [.. others, right]);
            if (await books.TryCommitAsync(book, right, count.Version, cancellationToken))
            {
                return true;
            }
            await Backoff.AfterAsync(attempt, cancellationToken);
        }
        throw new ContendedException($"The capacity book of {lease.Fleet} changed at each of {Tries} tries.");
    }

    /// <returns>False: a later view was there first, or one that is past its journal.</returns>
    private async Task<bool> ShowAsync(LeaseState lease, CancellationToken cancellationToken)
    {
        var view = LeaseView.Of(lease.Lease, lease.LastHash);
        await views.PutAsync(view, cancellationToken);
        return await views.FindAsync(view.Tenant, view.Lease, cancellationToken) == view;
    }

    /// <summary>Gives the lease a wake-up; where it is due, everything that is due is done now.</summary>
    private async Task<bool> WatchAsync(InspectedLease lease, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow;
        var at = WakeLease.NextLook(lease.State) is { } look && look > now ? look : now;
        var wakeup = new Wakeup(lease.State.Lease.Id, lease.Fleet, at);
        await wakeups.ScheduleAsync(wakeup, cancellationToken);
        await wake.RunAsync(wakeup, cancellationToken);
        return true;
    }

    private async Task<Repair?> CorrectAsync(string run, FleetId fleet, CancellationToken cancellationToken)
    {
        var count = await CountAsync(fleet, cancellationToken);
        if (count.IsEqual)
        {
            return null; // a reservation was put right, and the book with it
        }
        return await record.RunAsync(
            run,
            RepairKind.Book,
            $"/v1/fleets/{fleet}",
            $"said {count.Book}, its reservations {count.Sum}",
            () => books.TryCorrectAsync(count.Sum, count.Version, cancellationToken),
            cancellationToken
        );
    }

    private async Task EachAsync<T>(
        IEnumerable<T> items,
        Func<T, CancellationToken, Task> look,
        CancellationToken cancellationToken
    ) =>
        await Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                try
                {
                    await look(item, token);
                }
                catch (Exception exception) when (!token.IsCancellationRequested)
                {
                    NotLookedAt($"{item}", exception);
                }
            }
        );

    private static string Words(Reservation? reservation) =>
        reservation is null
            ? "no reservation"
            : $"{reservation.Gpus} {reservation.Tier} GPUs {reservation.State}".ToLowerInvariant();

    [LoggerMessage(LogLevel.Information, "{Fleets} books and {Leases} leases reconciled, {Repairs} repairs.")]
    private partial void Reconciled(int fleets, int leases, int repairs);

    [LoggerMessage(LogLevel.Warning, "{What} could not be reconciled; the next pass looks again.")]
    private partial void NotLookedAt(string what, Exception exception);

    /// <param name="Version">Of the book; null: there is none yet.</param>
    private sealed record Count(CapacityBook Book, string? Version, IReadOnlyList<Reservation> Reservations)
    {
        /// <summary>The book as it should be.</summary>
        public CapacityBook Sum { get; } = CapacityLedger.Recount(Book, Reservations);

        public bool IsEqual => Book == Sum;
    }
}
