using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Makes the owner's ledger of every month anew and holds it against what it is made of: the months of a lease add up
/// to its statement, receivables to the customers' statements, debits to credits, and displaced demand to the ticks'
/// records. Reads only.
/// </summary>
/// <remarks>Exact on a quiet installation; while leases change, what it reads a moment apart may differ.</remarks>
public sealed class CheckLedger(
    ILeaseViews views,
    LeaseStreams streams,
    IDisplacedBooks displaced,
    IShardStore store,
    ReadLastTick lastTick,
    EngineClock clock,
    EngineOptions options
)
{
    /// <summary>Records older than this may be deleted: then displaced demand cannot be recomputed.</summary>
    private static readonly TimeSpan RecordsKept = TimeSpan.FromDays(400);

    private const int PageSize = 1_000;
    private const int ReadsAtOnce = 16;

    public async Task<LedgerReport> RunAsync(CancellationToken cancellationToken)
    {
        var books = new Books(await AsOfAsync(cancellationToken));
        for (string? cursor = null; ; )
        {
            var page = await views.ListAsync(null, cursor, PageSize, cancellationToken);
            foreach (var group in page.Leases.Chunk(ReadsAtOnce))
            {
                var states = await Task.WhenAll(group.Select(view => streams.ReadAsync(view.Lease, cancellationToken)));
                foreach (var state in states)
                {
                    books.Post(state.Lease);
                }
            }
            if (page.Next is null)
            {
                break;
            }
            cursor = page.Next;
        }
        var records = 0L;
        for (
            var period = BillingPeriod.Of(books.AsOf);
            period.Start > books.AsOf - RecordsKept;
            period = period.Previous
        )
        {
            for (var shard = 0; shard < options.ShardCount; shard++)
            {
                var state = await store.LoadStateAsync(shard, cancellationToken) is { } stored
                    ? ShardStateCodec.Read(stored.Value)
                    : null;
                var entries = await BookedAsync(shard, period, state, cancellationToken);
                books.Post(period, entries);
                if (entries.Count > 0 || books.Has(period))
                {
                    records += await CheckRecordsAsync(shard, period, state, entries, books, cancellationToken);
                }
            }
        }
        books.Balance();
        return new(books.Findings, books.Periods, books.Leases, records, books.Debits);
    }

    /// <summary>Past the latest tick, whose host's clock may have run ahead of this one's.</summary>
    private async Task<DateTimeOffset> AsOfAsync(CancellationToken cancellationToken)
    {
        var (now, last) = (clock.UtcNow, await lastTick.RunAsync(cancellationToken));
        return last?.Start >= now ? last.Value.Start.AddSeconds(1) : now;
    }

    /// <summary>Of the month that the state is in, the state's own: a crash may have kept its book back.</summary>
    private async Task<IReadOnlyList<DisplacedEntry>> BookedAsync(
        int shard,
        BillingPeriod period,
        ShardState? state,
        CancellationToken cancellationToken
    )
    {
        if (state?.Displaced.Period == period)
        {
            return state.Displaced.Entries;
        }
        var stored = await displaced.ReadAsync(shard, period, cancellationToken);
        return stored.IsEmpty ? [] : DisplacedBookCodec.Read(stored).Entries;
    }

    /// <returns>How many records there are.</returns>
    private async Task<long> CheckRecordsAsync(
        int shard,
        BillingPeriod period,
        ShardState? state,
        IReadOnlyList<DisplacedEntry> booked,
        Books books,
        CancellationToken cancellationToken
    )
    {
        var (costs, records, last) = (new Dictionary<FleetId, DisplacedCost>(), 0L, Tick.None);
        var (findings, end) = (books.Findings, period.End < books.AsOf ? period.End : books.AsOf);
        for (var hour = period.Start; hour < end; hour = hour.AddHours(1))
        {
            Add(TickRecordCodec.ReadAll(await store.ReadRecordsAsync(shard, hour, cancellationToken)));
        }
        if (state is not null && state.LastTick > last && period.Contains(state.LastTick.Start))
        {
            Add(TickRecordCodec.ReadAll(TickRecordCodec.Write(state, state.Book())));
        }
        var byFleet = booked.ToLookup(entry => entry.Fleet, entry => entry.Cost);
        foreach (var fleet in costs.Keys.Union(byFleet.Select(entries => entries.Key)).Order())
        {
            var (made, sum) = (
                costs.GetValueOrDefault(fleet),
                byFleet[fleet].Aggregate(DisplacedCost.None, (left, right) => left + right)
            );
            if (made != sum)
            {
                findings.Add(
                    Divergence.Of(
                        fleet,
                        $"{period} books {sum.Amount} USD of displaced demand; its ticks make {made.Amount}"
                    )
                );
            }
        }
        return records;

        void Add(IReadOnlyList<TickRecord> ofHour)
        {
            foreach (var record in ofHour)
            {
                var cost = record.RecomputeDisplaced();
                if (cost.Amount != record.DisplacedAmount)
                {
                    findings.Add(
                        Divergence.Of(
                            record.Fleet,
                            $"tick {record.Tick} booked {record.DisplacedAmount} USD of displaced demand; its record "
                                + $"makes {cost.Amount}"
                        )
                    );
                }
                costs[record.Fleet] = costs.GetValueOrDefault(record.Fleet) + cost;
                (records, last) = (records + 1, record.Tick);
            }
        }
    }

    /// <summary>A ledger a month, and beside it the sums that it has to agree with.</summary>
    private sealed class Books(DateTimeOffset asOf)
    {
        private readonly SortedDictionary<BillingPeriod, Ledger> _ledgers = [];
        private readonly Dictionary<(BillingPeriod, TenantId), MicroUsd> _owed = [];

        public DateTimeOffset AsOf => asOf;

        public List<Divergence> Findings { get; } = [];

        public int Leases { get; private set; }

        public int Periods => _ledgers.Count;

        public MicroUsd Debits => _ledgers.Values.Aggregate(MicroUsd.Zero, (sum, ledger) => sum + ledger.Debits);

        public bool Has(BillingPeriod period) => _ledgers.ContainsKey(period);

        public void Post(Lease lease)
        {
            var statement = LeaseStatement.Of(lease, asOf);
            if (statement.Lines.Count == 0 || lease.Terms is not { } terms)
            {
                return;
            }
            Leases++;
            var total = MicroUsd.Zero;
            var last = BillingPeriod.Of(statement.Lines.Max(line => line.To));
            for (
                var period = BillingPeriod.Of(statement.Lines.Min(line => line.From));
                period <= last;
                period = period.Next
            )
            {
                foreach (var charge in PeriodCharges.Of(lease, statement, period))
                {
                    Of(period).Post(charge);
                    total += charge.Amount;
                    _owed[(period, terms.Tenant)] = _owed.GetValueOrDefault((period, terms.Tenant)) + charge.Amount;
                }
            }
            if (total != statement.Total)
            {
                Findings.Add(
                    Divergence.Of(lease.Id, null, $"its months make {total} USD, its statement {statement.Total}")
                );
            }
        }

        public void Post(BillingPeriod period, IReadOnlyList<DisplacedEntry> entries)
        {
            foreach (var entry in entries)
            {
                Of(period).Post(entry);
            }
        }

        public void Balance()
        {
            foreach (var (period, ledger) in _ledgers)
            {
                if (ledger.Debits != ledger.Credits)
                {
                    Findings.Add(
                        new($"ledger {period}", null, $"debits are {ledger.Debits} USD, credits {ledger.Credits}")
                    );
                }
                foreach (
                    var account in ledger.Accounts.Where(account =>
                        account.Account.Kind == LedgerAccountKind.CustomerReceivable
                    )
                )
                {
                    var owed = _owed.GetValueOrDefault((period, TenantId.Parse(account.Account.Name)));
                    if (account.Balance != owed)
                    {
                        Findings.Add(
                            new(
                                $"ledger {period}",
                                null,
                                $"{account.Account.Name} owes {account.Balance} USD, {owed} by its statement"
                            )
                        );
                    }
                }
            }
        }

        private Ledger Of(BillingPeriod period)
        {
            if (!_ledgers.TryGetValue(period, out var ledger))
            {
                ledger = new();
                _ledgers.Add(period, ledger);
            }
            return ledger;
        }
    }
}
