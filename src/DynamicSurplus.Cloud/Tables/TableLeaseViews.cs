using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>Partition: the tenant. Row: the lease.</summary>
public sealed class TableLeaseViews(StorageClients clients) : ILeaseViews
{
    internal const string TableName = "leases";
    private const int LargestPage = 1_000;
    private readonly GuardedTable _table = clients.Table(TableName);

    public async Task PutAsync(LeaseView view, CancellationToken cancellationToken)
    {
        var row = Row.Write(view);
        // A lease's first version is seldom there yet: then reading first is a call for nothing.
        if (view.Version <= 1 && await _table.TryAddAsync(row, cancellationToken) is not null)
        {
            return;
        }
        for (var attempt = 1; ; attempt++)
        {
            var stored = await _table.FindAsync(row.PartitionKey, row.RowKey, cancellationToken);
            if (stored is not null && Row.VersionOf(stored) > view.Version)
            {
                return;
            }
            var written = stored is null
                ? await _table.TryAddAsync(row, cancellationToken)
                : await _table.TryReplaceAsync(row, stored.ETag, cancellationToken);
            if (written is not null)
            {
                return;
            }
            await Contention.AfterAsync(attempt, $"The view of lease {view.Lease}", cancellationToken);
        }
    }

    public async Task<LeaseView?> FindAsync(TenantId tenant, LeaseId lease, CancellationToken cancellationToken) =>
        await _table.FindAsync(tenant.ToString(), lease.ToString(), cancellationToken) is { } row
            ? Row.Read(row)
            : null;

    public async Task<LeasePage> ListAsync(
        TenantId? tenant,
        string? after,
        int most,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, LargestPage);
        LeaseCursor? cursor = after is null ? null : LeaseCursor.Parse(after);
        var rows = tenant is { } one
            ? await OfTenantAsync(one, cursor, most + 1, cancellationToken)
            : await OfAllAsync(cursor, most + 1, cancellationToken);
        var views = rows.Take(most).Select(Row.Read).ToList();
        var next = rows.Count > most ? new LeaseCursor(views[^1].Tenant, views[^1].Lease).ToString() : null;
        return new(views, next);
    }

    private async Task<List<TableEntity>> OfTenantAsync(
        TenantId tenant,
        LeaseCursor? after,
        int most,
        CancellationToken cancellationToken
    )
    {
        if (after is { } past && past.Tenant > tenant)
        {
            return [];
        }
        var (partition, row) = (
            tenant.ToString(),
            after is { } cursor && cursor.Tenant == tenant ? cursor.Lease.ToString() : ""
        );
        return await _table.ListAsync($"PartitionKey eq {partition} and RowKey gt {row}", cancellationToken, most);
    }

    /// <summary>
    /// The rest of the cursor's tenant, then the tenants behind it: two ranges, for one with an "or" is a scan.
    /// </summary>
    private async Task<List<TableEntity>> OfAllAsync(LeaseCursor? after, int most, CancellationToken cancellationToken)
    {
        var rows = after is { } cursor ? await OfTenantAsync(cursor.Tenant, cursor, most, cancellationToken) : [];
        var partition = after?.Tenant.ToString() ?? "";
        rows.AddRange(await _table.ListAsync($"PartitionKey gt {partition}", cancellationToken, most - rows.Count));
        return rows;
    }

    private static class Row
    {
        private const string Fleet = "Fleet";
        private const string Tier = "Tier";
        private const string Status = "Status";
        private const string Gpus = "Gpus";
        private const string RateSteps = "RateSteps";
        private const string HeldAt = "HeldAt";
        private const string GrantedAt = "GrantedAt";
        private const string EndsAt = "EndsAt";
        private const string EndedAt = "EndedAt";
        private const string BilledSeconds = "BilledSeconds";
        private const string AmountMicroUsd = "AmountMicroUsd";
        private const string Reclaimed = "Reclaimed";
        private const string Version = "Version";
        private const string ChangedAt = "ChangedAt";
        private const string LastHash = "LastHash";

        public static long VersionOf(TableEntity row) => row.Required<long>(Version);

        public static TableEntity Write(LeaseView view) =>
            new(view.Tenant.ToString(), view.Lease.ToString())
            {
                [Fleet] = view.Fleet.ToString(),
                [Tier] = view.Tier.ToString(),
                [Status] = view.Status.ToString(),
                [Gpus] = view.Gpus,
                [RateSteps] = view.Rate.Steps,
                [HeldAt] = view.HeldAt,
                [GrantedAt] = view.GrantedAt,
                [EndsAt] = view.EndsAt,
                [EndedAt] = view.EndedAt,
                [BilledSeconds] = view.BilledSeconds,
                [AmountMicroUsd] = view.Amount?.Value,
                [Reclaimed] = view.Reclaimed,
                [Version] = view.Version,
                [ChangedAt] = view.ChangedAt,
                [LastHash] = view.LastHash,
            };

        public static LeaseView Read(TableEntity row) =>
            new(
                LeaseId.Parse(row.RowKey),
                TenantId.Parse(row.PartitionKey),
                FleetId.Parse(row.Required<string>(Fleet)),
                row.RequiredName<LeaseTier>(Tier),
                row.RequiredName<LeaseStatus>(Status),
                row.Required<int>(Gpus),
                Rate.FromSteps(row.Required<int>(RateSteps)),
                row.Required<DateTimeOffset>(HeldAt),
                row.GetDateTimeOffset(GrantedAt),
                row.GetDateTimeOffset(EndsAt),
                row.GetDateTimeOffset(EndedAt),
                row.GetInt64(BilledSeconds),
                row.GetInt64(AmountMicroUsd) is { } amount ? new MicroUsd(amount) : null,
                row.Required<bool>(Reclaimed),
                VersionOf(row),
                row.GetString(LastHash),
                row.GetDateTimeOffset(ChangedAt)
            );
    }
}
