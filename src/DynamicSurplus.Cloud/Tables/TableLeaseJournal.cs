using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>
/// Partition: the lease. Rows: an event by its zero-padded version, an effect by <c>effect-version-index</c>; so one
/// query reads a stream, in order.
/// </summary>
/// <remarks>
/// An append is one transaction: the event before it must exist (a merge of nothing, which fails where there is no
/// row), the new ones must not (inserts), and what is done goes. Where the answer was lost and the retry meets the
/// append's own rows, the mark on its first event says so: that is no conflict. Every row is sealed with a hash of all
/// that it holds; <see cref="ScanAsync"/> checks it.
/// </remarks>
public sealed partial class TableLeaseJournal(StorageClients clients) : ILeaseJournal
{
    internal const string TableName = "journal";
    private static readonly string[] RowKeyOnly = [nameof(TableEntity.RowKey)];
    private readonly GuardedTable _table = clients.Table(TableName);

    public async Task<LeaseStream> ReadAsync(LeaseId lease, CancellationToken cancellationToken)
    {
        var rows = await _table.ListAsync($"PartitionKey eq {lease.ToString()}", cancellationToken);
        var events = new List<StoredEvent>(rows.Count);
        var effects = new List<PendingEffect>();
        foreach (var row in rows)
        {
            if (Row.IsEffect(row.RowKey))
            {
                effects.Add(Row.ReadEffect(row));
            }
            else
            {
                events.Add(Row.ReadEvent(row));
            }
        }
        return new(events, effects);
    }

    public async Task<bool> TryAppendAsync(
        LeaseId lease,
        long expectedVersion,
        IReadOnlyList<StoredEvent> events,
        IReadOnlyList<PendingEffect> effects,
        IReadOnlyList<PendingEffect> done,
        CancellationToken cancellationToken
    )
    {
        JournalLimits.Require(expectedVersion, events, effects, done);
        var mark = WriteMark.New();
        var writes = Writes(lease.ToString(), expectedVersion, events, effects, mark);
        var finished = done.Select(Row.KeyOf).Distinct(StringComparer.Ordinal).ToList();
        while (true)
        {
            var answer = await _table.SubmitAsync(
                [.. writes, .. finished.Select(row => Deletion(lease.ToString(), row))],
                cancellationToken
            );
            if (answer.ConflictAt is not { } conflict)
            {
                return true;
            }
            if (conflict < writes.Count)
            {
                return await IsMineAsync(lease, expectedVersion + 1, mark, cancellationToken);
            }
            // A done effect that is gone fails the whole transaction. It is rare, so it is looked for only then; each
            // round has at least one row less.
            finished.RemoveAt(conflict - writes.Count);
            finished = await StillThereAsync(lease, finished, cancellationToken);
        }
    }

    public Task CompleteAsync(LeaseId lease, IReadOnlyList<PendingEffect> done, CancellationToken cancellationToken) =>
        _table.DeleteAsync(lease.ToString(), done.Select(Row.KeyOf), cancellationToken);

    public async IAsyncEnumerable<ScannedStream> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Scan? scan = null;
        await foreach (var row in _table.ScanAsync(cancellationToken))
        {
            if (scan is not null && !string.Equals(scan.Lease, row.Entity.PartitionKey, StringComparison.Ordinal))
            {
                yield return scan.ToStream();
                scan = null;
            }
            scan ??= new(row.Entity.PartitionKey);
            scan.Add(row);
        }
        if (scan is not null)
        {
            yield return scan.ToStream();
        }
    }

    private static List<TableTransactionAction> Writes(
        string lease,
        long expectedVersion,
        IReadOnlyList<StoredEvent> events,
        IReadOnlyList<PendingEffect> effects,
        long mark
    )
    {
        var writes = new List<TableTransactionAction>(1 + events.Count + effects.Count);
        if (expectedVersion > 0)
        {
            writes.Add(
                new(
                    TableTransactionActionType.UpdateMerge,
                    new TableEntity(lease, Row.KeyOf(expectedVersion)),
                    ETag.All
                )
            );
        }
        writes.AddRange(
            events.Select(stored => new TableTransactionAction(
                TableTransactionActionType.Add,
                Row.Write(lease, stored, mark)
            ))
        );
        writes.AddRange(
            effects.Select(effect => new TableTransactionAction(
                TableTransactionActionType.Add,
                Row.Write(lease, effect)
            ))
        );
        return writes;
    }

    private static TableTransactionAction Deletion(string lease, string row) =>
        new(TableTransactionActionType.Delete, new TableEntity(lease, row), ETag.All);

    private async Task<bool> IsMineAsync(LeaseId lease, long version, long mark, CancellationToken cancellationToken)
    {
        var stored = await _table.FindAsync(lease.ToString(), Row.KeyOf(version), cancellationToken);
        return stored is not null && Row.MarkOf(stored) == mark;
    }

    private async Task<List<string>> StillThereAsync(
        LeaseId lease,
        List<string> rows,
        CancellationToken cancellationToken
    )
    {
        if (rows.Count == 0)
        {
            return rows;
        }
        var (from, to) = Row.EffectRange;
        var there = await _table.ListAsync(
            $"PartitionKey eq {lease.ToString()} and RowKey ge {from} and RowKey lt {to}",
            cancellationToken,
            columns: RowKeyOnly
        );
        return [.. rows.Intersect(there.Select(static row => row.RowKey), StringComparer.Ordinal)];
    }
}
