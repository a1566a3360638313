using System.Globalization;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>Partition: <c>shard-tick</c>. Row: the request's key.</summary>
public sealed class TableRequestLog(StorageClients clients) : IRequestLog
{
    internal const string TableName = "requests";
    private readonly GuardedTable _table = clients.Table(TableName);

    public Task RecordAsync(int shard, SeenRequest request, CancellationToken cancellationToken) =>
        _table.TryAddAsync(Row.Write(shard, request), cancellationToken);

    public async Task<IReadOnlyList<SeenRequest>> ListAsync(int shard, Tick before, CancellationToken cancellationToken)
    {
        var (from, to) = (Row.Partition(shard, Tick.None), Row.Partition(shard, before));
        var rows = await _table.ListAsync($"PartitionKey ge {from} and PartitionKey lt {to}", cancellationToken);
        return [.. rows.Select(Row.Read)];
    }

    public async Task DeleteAsync(int shard, IReadOnlyList<SeenRequest> requests, CancellationToken cancellationToken)
    {
        foreach (var ofTick in requests.GroupBy(static request => request.Tick, static request => request.Key))
        {
            await _table.DeleteAsync(Row.Partition(shard, ofTick.Key), ofTick, cancellationToken);
        }
    }

    private static class Row
    {
        private const string TickSeconds = "TickSeconds";
        private const string Fleet = "Fleet";
        private const string OfferedGpuTicks = "OfferedGpuTicks";
        private const string Tenant = "Tenant";

        public static string Partition(int shard, Tick tick) =>
            string.Create(CultureInfo.InvariantCulture, $"{shard:D4}-{tick.StartSeconds:D12}");

        public static TableEntity Write(int shard, SeenRequest request) =>
            new(Partition(shard, request.Tick), request.Key)
            {
                [TickSeconds] = request.Tick.StartSeconds,
                [Fleet] = request.Fleet.ToString(),
                [OfferedGpuTicks] = request.OfferedGpuTicks,
                [Tenant] = request.Tenant.ToString(),
            };

        public static SeenRequest Read(TableEntity row) =>
            new(
                new(row.Required<long>(TickSeconds)),
                row.RowKey,
                FleetId.Parse(row.Required<string>(Fleet)),
                row.Required<double>(OfferedGpuTicks),
                // Rows of earlier versions, a tick old at most when a new one starts, name none.
                TenantId.TryParse(row.GetString(Tenant), out var tenant)
                    ? tenant
                    : default
            );
    }
}
