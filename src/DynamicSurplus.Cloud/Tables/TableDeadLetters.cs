using System.Globalization;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>Partition: <c>tenant.webhook</c>. Row: the event's zero-padded sequence.</summary>
/// <remarks>A webhook's letters have one writer at a time, so that they are counted before one is added.</remarks>
public sealed class TableDeadLetters(StorageClients clients) : IDeadLetters
{
    internal const string TableName = "deadletters";
    private const int LargestPage = 1_000;
    private static readonly string[] RowKeyOnly = [nameof(TableEntity.RowKey)];
    private readonly GuardedTable _table = clients.Table(TableName);

    public async Task<bool> TryPutAsync(
        TenantId tenant,
        WebhookId webhook,
        DeadLetter letter,
        int most,
        CancellationToken cancellationToken
    )
    {
        var row = Row.Write(tenant, webhook, letter);
        var others = await KeysAsync(row.PartitionKey, most, cancellationToken);
        if (others.Count >= most && !others.Contains(row.RowKey, StringComparer.Ordinal))
        {
            return false;
        }
        await _table.UpsertAsync(row, cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(
        TenantId tenant,
        WebhookId webhook,
        long after,
        int most,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, LargestPage);
        var (partition, key) = (Row.Partition(tenant, webhook), Row.KeyOf(after));
        var rows = await _table.ListAsync($"PartitionKey eq {partition} and RowKey gt {key}", cancellationToken, most);
        return [.. rows.Select(Row.Read)];
    }

    public Task RemoveAsync(TenantId tenant, WebhookId webhook, long sequence, CancellationToken cancellationToken) =>
        _table.DeleteAsync(Row.Partition(tenant, webhook), [Row.KeyOf(sequence)], cancellationToken);

    public async Task ClearAsync(TenantId tenant, WebhookId webhook, CancellationToken cancellationToken)
    {
        var partition = Row.Partition(tenant, webhook);
        var keys = await KeysAsync(partition, int.MaxValue, cancellationToken);
        await _table.DeleteAsync(partition, keys, cancellationToken);
    }

    private async Task<List<string>> KeysAsync(string partition, int most, CancellationToken cancellationToken)
    {
        var rows = await _table.ListAsync($"PartitionKey eq {partition}", cancellationToken, most, RowKeyOnly);
        return rows.ConvertAll(static row => row.RowKey);
    }

    private static class Row
    {
        private const string Tries = "Tries";
        private const string Failure = "Failure";
        private const string At = "At";

        /// <summary>No id has a full stop.</summary>
        public static string Partition(TenantId tenant, WebhookId webhook) => $"{tenant}.{webhook}";

        public static string KeyOf(long sequence) => sequence.ToString("D19", CultureInfo.InvariantCulture);

        public static TableEntity Write(TenantId tenant, WebhookId webhook, DeadLetter letter)
        {
            var row = FeedRow.WriteEntry(tenant, letter.Sequence, letter.Entry.Event);
            row.PartitionKey = Partition(tenant, webhook);
            row[Tries] = letter.Tries;
            row[Failure] = letter.Failure;
            row[At] = letter.At;
            return row;
        }

        public static DeadLetter Read(TableEntity row) =>
            new(
                FeedRow.ReadEntry(row),
                row.Required<int>(Tries),
                row.Required<string>(Failure),
                row.Required<DateTimeOffset>(At)
            );
    }
}
