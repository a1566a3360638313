using System.Globalization;
using Azure;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>Partition: the tenant, with one row.</summary>
/// <remarks>
/// Where the answer to a write was lost, the retry meets a conflict, and the caller reads its own write: taking what is
/// taken changes nothing, so that needs no mark.
/// </remarks>
public sealed class TableTenantHolds(StorageClients clients) : ITenantHolds
{
    internal const string TableName = "holds";
    private readonly GuardedTable _table = clients.Table(TableName);

    public async Task<(IReadOnlyList<TenantHold> Holds, string? Version)> ReadAsync(
        TenantId tenant,
        CancellationToken cancellationToken
    ) =>
        await _table.FindAsync(tenant.ToString(), Row.Key, cancellationToken) is { } row
            ? (Row.Read(row), row.ETag.ToString())
            : ([], null);

    public Task<string?> TryWriteAsync(
        TenantId tenant,
        IReadOnlyList<TenantHold> holds,
        string? version,
        CancellationToken cancellationToken
    )
    {
        ITenantHolds.Require(holds);
        var row = Row.Write(tenant, holds);
        return version is null
            ? _table.TryAddAsync(row, cancellationToken)
            : _table.TryReplaceAsync(row, new ETag(version), cancellationToken);
    }

    private static class Row
    {
        public const string Key = "holds";

        private const string Holds = "Holds";
        private const char Between = ' ';
        private const char Within = ':';

        /// <summary>500 holds of 55 characters are 54 KiB as stored: a column takes 64.</summary>
        public static TableEntity Write(TenantId tenant, IReadOnlyList<TenantHold> holds) =>
            new(tenant.ToString(), Key)
            {
                [Holds] = string.Join(
                    Between,
                    holds.Select(hold =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{hold.Lease}{Within}{hold.Gpus}{Within}{hold.Until.ToUnixTimeMilliseconds()}"
                        )
                    )
                ),
            };

        public static IReadOnlyList<TenantHold> Read(TableEntity row) =>
            [
                .. row.Required<string>(Holds)
                    .Split(Between, StringSplitOptions.RemoveEmptyEntries)
                    .Select(text => Read(row, text)),
            ];

        private static TenantHold Read(TableEntity row, string text)
        {
            var parts = text.Split(Within);
            return
                parts.Length == 3
                && LeaseId.TryParse(parts[0], out var lease)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var gpus)
                && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                ? new(lease, gpus, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
                : throw new InvalidDataException($"Stored row {row.PartitionKey} / {row.RowKey}: '{text}' is no hold.");
        }
    }
}
