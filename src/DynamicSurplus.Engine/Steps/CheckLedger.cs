using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
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
    ReadDisplaced displaced,
    IShardStore store,
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
        var books = new Books(clock.UtcNow);
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
            var entries = await displaced.RunAsync(period, cancellationToken);
            if (entries.Count > 0 || books.Has(period))
            {
                books.Post(period, entries);
                records += await CheckRecordsAsync(period, entries, books.Findings, cancellationToken);
            }
        }
        books.Balance();
        return new(books.Findings, books.Periods, books.Leases, records, books.Debits);
    }

    /// <returns>How many records there are.</returns>
    private async Task<long> CheckRecordsAsync(
        BillingPeriod period,
        IReadOnlyList<DisplacedEntry> booked,
        List<string> findings,
        CancellationToken cancellationToken
    )
    {
        var (costs, records) = (new Dictionary<FleetId, DisplacedCost>(), 0L);
        var end = period.End < clock.UtcNow ? period.End : clock.UtcNow;
        for (var shard = 0; shard < options.ShardCount; shard++)
        {
            for (var hour = period.Start; hour < end; hour = hour.AddHours(1))
            {
                var file = await store.ReadRecordsAsync(shard, hour, cancellationToken);
                foreach (var record in TickRecordCodec.ReadAll(file))
                {
                    var cost = record.RecomputeDisplaced();
                    if (cost.Amount != record.DisplacedAmount)
                    {
                        findings.Add(
                            $"Fleet {record.Fleet}, tick {record.Tick}: {record.DisplacedAmount} USD of displaced "
                                + $"demand were booked; its record makes {cost.Amount}."
                        );
                    }
                    costs[record.Fleet] = costs.GetValueOrDefault(record.Fleet) + cost;
                    records++;
                }
            }
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
                    $"Fleet {fleet}, {period}: {sum.Amount} USD of displaced demand are booked; its ticks make "
                        + $"{made.Amount}."
                );
            }
        }
        return records;
    }

    /// <summary>A ledger a month, and beside it the sums that it has to agree with.</summary>
    private sealed class Books(DateTimeOffset asOf)
    {
        private readonly SortedDictionary<BillingPeriod, Ledger> _ledgers = [];
        private readonly Dictionary<(BillingPeriod, TenantId), MicroUsd> _owed = [];

        public DateTimeOffset AsOf => asOf;

        public List<string> Findings { get; } = [];

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
                Findings.Add($"Lease {lease.Id}: its months make {total} USD, its statement {statement.Total}.");
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
                    Findings.Add($"{period}: debits are {ledger.Debits} USD, credits {ledger.Credits}.");
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
                            $"{period}: {account.Account.Name} owes {account.Balance} USD by the ledger, {owed} by "
                                + "its statement."
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
