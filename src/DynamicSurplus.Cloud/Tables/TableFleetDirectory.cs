using System.Globalization;
using Azure;
using Azure.Data.Tables;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>Partition: the shard. Rows: the fleets by id, and the shard's stamp.</summary>
/// <remarks>
/// The stamp is the mark of the last write, a random number, not a count: so a write need not read it, and writers of
/// different fleets do not meet. The mark also tells a writer whose answer was lost that the row it meets is its own.
/// </remarks>
public sealed partial class TableFleetDirectory(StorageClients clients, EngineOptions options) : IFleetDirectory
{
    internal const string TableName = "fleets";
    private readonly GuardedTable _table = clients.Table(TableName);

    public async Task<Versioned<Fleet>?> FindAsync(FleetId id, CancellationToken cancellationToken) =>
        await _table.FindAsync(PartitionOf(id), id.ToString(), cancellationToken) is { } row ? Read(row) : null;

    public async Task<IReadOnlyList<Versioned<Fleet>>> ListAsync(int shard, CancellationToken cancellationToken)
    {
        var (partition, first) = (PartitionOf(shard), StampRow.FirstOther);
        var rows = await _table.ListAsync($"PartitionKey eq {partition} and RowKey ge {first}", cancellationToken);
        return [.. rows.Select(Read)];
    }

    public async Task<long> StampAsync(int shard, CancellationToken cancellationToken) =>
        await _table.FindAsync(PartitionOf(shard), StampRow.Key, cancellationToken) is { } row ? StampRow.Read(row) : 0;

    public async Task<string?> TryPutAsync(Fleet fleet, string? ifMatch, CancellationToken cancellationToken)
    {
        var mark = WriteMark.New();
        var row = FleetRow.Write(PartitionOf(fleet.Id), fleet, mark);
        var answer = await _table.SubmitAsync(
            [
                ifMatch is null
                    ? new(TableTransactionActionType.Add, row)
                    : new(TableTransactionActionType.UpdateReplace, row, new ETag(ifMatch)),
                StampRow.Move(row.PartitionKey, mark),
            ],
            cancellationToken
        );
        if (answer.IsDone)
        {
            return answer.FirstVersion;
        }
        var stored = await _table.FindAsync(row.PartitionKey, row.RowKey, cancellationToken);
        return stored is not null && FleetRow.MarkOf(stored) == mark ? stored.ETag.ToString() : null;
    }

    public async Task<bool> TryDeleteAsync(FleetId id, string ifMatch, CancellationToken cancellationToken)
    {
        var mark = WriteMark.New();
        var row = new TableEntity(PartitionOf(id), id.ToString());
        var answer = await _table.SubmitAsync(
            [new(TableTransactionActionType.Delete, row, new ETag(ifMatch)), StampRow.Move(row.PartitionKey, mark)],
            cancellationToken
        );
        return answer.IsDone || await StampAsync(id.Shard(options.ShardCount), cancellationToken) == mark;
    }

    private static string PartitionOf(int shard) => shard.ToString("D4", CultureInfo.InvariantCulture);

    private static Versioned<Fleet> Read(TableEntity row) => new(FleetRow.Read(row), row.ETag.ToString());

    private string PartitionOf(FleetId id) => PartitionOf(id.Shard(options.ShardCount));

    private static class StampRow
    {
        /// <summary>No fleet has this id, and every fleet's comes behind it.</summary>
        public const string Key = "!stamp";
        public const string FirstOther = "-";
        private const string Stamp = "Stamp";

        public static TableTransactionAction Move(string partition, long stamp) =>
            new(TableTransactionActionType.UpsertReplace, new TableEntity(partition, Key) { [Stamp] = stamp });

        public static long Read(TableEntity row) => row.Required<long>(Stamp);
    }
}
