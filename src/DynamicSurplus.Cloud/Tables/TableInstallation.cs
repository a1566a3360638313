using Azure.Data.Tables;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>
/// What an installation chose at its first start and cannot change: where a fleet's rows lie follows from the number of
/// shards. A row of the fleets' table, in a partition that is no shard's.
/// </summary>
public sealed class TableInstallation(StorageClients clients)
{
    private const string Partition = "!installation";
    private const string Row = "shards";
    private const string Count = "Count";

    private readonly GuardedTable _table = clients.Table(TableFleetDirectory.TableName);

    /// <summary>Fixes the number of shards at the first call; later ones change nothing.</summary>
    /// <returns>The number that holds, whoever fixed it.</returns>
    public async Task<int> FixShardCountAsync(int wanted, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, Row) { [Count] = wanted };
        if (await _table.TryAddAsync(row, cancellationToken) is not null)
        {
            return wanted;
        }
        var fixedBefore = await _table.FindAsync(Partition, Row, cancellationToken);
        return fixedBefore?.GetInt32(Count)
            ?? throw new InvalidOperationException(
                "The number of shards was fixed, and is gone again: start once more."
            );
    }
}
