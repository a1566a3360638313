using System.Collections.Concurrent;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>
/// Partition: the tenant. Rows: an event by its zero-padded sequence, <c>id-…</c> for each event's id, and <c>head</c>,
/// which holds the last sequence. All three change in one transaction, so that sequences have no gaps and an id stands
/// once. A partition of its own lists the tenants.
/// </summary>
/// <remarks>
/// What a process appends to one feed at the same time goes out in one transaction; the head is remembered, so that
/// the usual append is one call. An append whose answer was lost meets its own ids: it is done.
/// </remarks>
public sealed class TableEventFeed(StorageClients clients) : IEventFeed
{
    internal const string TableName = "events";
    private const int LargestPage = 1_000;

    private readonly GuardedTable _table = clients.Table(TableName);
    private readonly ConcurrentDictionary<TenantId, FeedWriter> _writers = new();

    public Task AppendAsync(TenantId tenant, FeedEvent happened, CancellationToken cancellationToken)
    {
        FeedEvent.Require(happened);
        return _writers.GetOrAdd(tenant, of => new(_table, of)).AppendAsync(happened, cancellationToken);
    }

    public async Task<IReadOnlyList<FeedEntry>> ReadAsync(
        TenantId tenant,
        long after,
        int most,
        CancellationToken cancellationToken
    )
    {
        RequirePage(most);
        var rows = await ListAsync(tenant, after, most, cancellationToken);
        return [.. rows.Select(FeedRow.ReadEntry)];
    }

    public async Task<long> LatestAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await _table.FindAsync(tenant.ToString(), FeedRow.Head, cancellationToken) is { } head
            ? FeedRow.LatestOf(head)
            : 0;

    public async Task<IReadOnlyList<TenantId>> TenantsAsync(
        TenantId? after,
        int most,
        CancellationToken cancellationToken
    )
    {
        RequirePage(most);
        var last = after?.ToString() ?? "";
        var rows = await _table.ListAsync(
            $"PartitionKey eq {FeedRow.Tenants} and RowKey gt {last}",
            cancellationToken,
            most
        );
        return [.. rows.Select(row => TenantId.Parse(row.RowKey))];
    }

    public async Task<int> TrimAsync(
        TenantId tenant,
        DateTimeOffset before,
        int most,
        CancellationToken cancellationToken
    )
    {
        RequirePage(most);
        var rows = await ListAsync(tenant, after: 0, most, cancellationToken, FeedRow.TrimColumns);
        var old = rows.TakeWhile(row => FeedRow.PublishedAtOf(row) < before).ToList();
        // An event and its id side by side: a transaction of a hundred rows takes both or neither.
        var keys = old.SelectMany(row => new[] { row.RowKey, FeedRow.KeyOf(FeedRow.IdOf(row)) });
        await _table.DeleteAsync(tenant.ToString(), keys, cancellationToken);
        return old.Count;
    }

    private Task<List<TableEntity>> ListAsync(
        TenantId tenant,
        long after,
        int most,
        CancellationToken cancellationToken,
        IEnumerable<string>? columns = null
    )
    {
        var (from, to) = (FeedRow.KeyOf(after), FeedRow.PastSequences);
        return _table.ListAsync(
            $"PartitionKey eq {tenant.ToString()} and RowKey gt {from} and RowKey lt {to}",
            cancellationToken,
            most,
            columns
        );
    }

    private static void RequirePage(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, LargestPage);
    }
}
