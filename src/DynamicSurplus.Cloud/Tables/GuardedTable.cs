using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>
/// A table that no row reaches past <see cref="TableGuard"/>, and whose conflicts are answers, not exceptions. Failures
/// of any other kind are thrown.
/// </summary>
internal sealed class GuardedTable(TableClient client)
{
    private const int DeletionsAtOnce = 8;
    private const int LargestPage = 1_000;
    private static readonly string[] KeysOnly = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];

    public async Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellationToken)
    {
        var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, row, null, cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Rows in the order of their keys, at most <paramref name="most"/>.</summary>
    /// <param name="filter">Its values are quoted as OData wants them.</param>
    /// <param name="columns">Null: all.</param>
    public async Task<List<TableEntity>> ListAsync(
        FormattableString filter,
        CancellationToken cancellationToken,
        int most = int.MaxValue,
        IEnumerable<string>? columns = null
    )
    {
        var rows = new List<TableEntity>();
        if (most <= 0)
        {
            return rows;
        }
        var query = client.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter(filter),
            Math.Min(most, LargestPage),
            columns,
            cancellationToken
        );
        await foreach (var row in query)
        {
            rows.Add(row);
            if (rows.Count == most)
            {
                break;
            }
        }
        return rows;
    }

    /// <summary>Every row in the order of its keys; one that cannot be read stops nothing.</summary>
    /// <exception cref="InvalidDataException">The storage itself fails at some row, again and again.</exception>
    public async IAsyncEnumerable<ScannedRow> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (next, last) = ((string?)null, "the start");
        do
        {
            IReadOnlyList<ScannedRow> rows;
            try
            {
                (rows, next) = await PageAsync(next, cancellationToken);
            }
            catch (UnavailableException exception)
            {
                throw new InvalidDataException(
                    $"Table {client.Name} cannot be read past {last}: {exception.Message}",
                    exception
                );
            }
            last = rows is [.., var row] ? $"row {row.Entity.PartitionKey} / {row.Entity.RowKey}" : last;
            foreach (var scanned in rows)
            {
                yield return scanned;
            }
        } while (next is not null);
    }

    /// <returns>The new version; null where the row exists.</returns>
    public async Task<string?> TryAddAsync(TableEntity row, CancellationToken cancellationToken)
    {
        TableGuard.Require(row);
        try
        {
            var answer = await client.AddEntityAsync(row, cancellationToken);
            return answer.Headers.ETag.ToString();
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            return null;
        }
    }

    /// <returns>The new version; null where the row is gone or has another version.</returns>
    public async Task<string?> TryReplaceAsync(TableEntity row, ETag version, CancellationToken cancellationToken)
    {
        TableGuard.Require(row);
        try
        {
            var answer = await client.UpdateEntityAsync(row, version, TableUpdateMode.Replace, cancellationToken);
            return answer.Headers.ETag.ToString();
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            return null;
        }
    }

    public async Task UpsertAsync(TableEntity row, CancellationToken cancellationToken)
    {
        TableGuard.Require(row);
        await client.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <returns>False where the row has another version; one that is gone counts as deleted.</returns>
    public async Task<bool> TryDeleteAsync(TableEntity read, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteEntityAsync(read.PartitionKey, read.RowKey, read.ETag, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            return false;
        }
    }

    /// <summary>All of the changes or none.</summary>
    public async Task<TransactionAnswer> SubmitAsync(
        IReadOnlyList<TableTransactionAction> actions,
        CancellationToken cancellationToken
    )
    {
        TableGuard.Require(actions);
        try
        {
            var answer = await client.SubmitTransactionAsync(actions, cancellationToken);
            return new(answer.Value[0].Headers.ETag.ToString(), answer.Value[^1].Headers.ETag.ToString(), null);
        }
        catch (TableTransactionFailedException e) when (IsConflict(e) && e.FailedTransactionActionIndex is { } failed)
        {
            return new(null, null, failed);
        }
    }

    /// <summary>
    /// Deletes rows of one partition, whatever their version; those already gone are no error. Any number: 100 at a
    /// time, so not at once.
    /// </summary>
    public async Task DeleteAsync(string partition, IEnumerable<string> rows, CancellationToken cancellationToken)
    {
        foreach (var some in rows.Distinct(StringComparer.Ordinal).Chunk(TableGuard.MaxRows))
        {
            // A row that is gone fails a transaction, which is rare: only then each is deleted for itself.
            if (some.Length == 1 || !await TryDeleteTogetherAsync(partition, some, cancellationToken))
            {
                await Parallel.ForEachAsync(
                    some,
                    new ParallelOptions
                    {
                        MaxDegreeOfParallelism = DeletionsAtOnce,
                        CancellationToken = cancellationToken,
                    },
                    async (row, stop) => await client.DeleteEntityAsync(partition, row, ETag.All, stop)
                );
            }
        }
    }

    private async Task<bool> TryDeleteTogetherAsync(
        string partition,
        IEnumerable<string> rows,
        CancellationToken cancellationToken
    )
    {
        var deletions = rows.Select(row => new TableTransactionAction(
            TableTransactionActionType.Delete,
            new TableEntity(partition, row),
            ETag.All
        ));
        return (await SubmitAsync([.. deletions], cancellationToken)).IsDone;
    }

    private async Task<(IReadOnlyList<ScannedRow> Rows, string? Next)> PageAsync(
        string? from,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var page = await PageAsync(columns: null, from, cancellationToken);
            return ([.. page.Values.Select(static row => new ScannedRow(row))], page.ContinuationToken);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            // One row spoils its page: each is read for itself.
            var page = await PageAsync(KeysOnly, from, cancellationToken);
            var rows = new List<ScannedRow>();
            foreach (var keys in page.Values)
            {
                rows.Add(await ReadAsync(keys, cancellationToken));
            }
            return (rows, page.ContinuationToken);
        }
    }

    private async Task<Page<TableEntity>> PageAsync(
        string[]? columns,
        string? from,
        CancellationToken cancellationToken
    )
    {
        var pages = client.QueryAsync<TableEntity>((string?)null, LargestPage, columns, cancellationToken);
        await foreach (var page in pages.AsPages(from))
        {
            return page;
        }
        throw new InvalidOperationException("A query gave no page.");
    }

    private async Task<ScannedRow> ReadAsync(TableEntity keys, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(keys.PartitionKey, keys.RowKey, cancellationToken) is { } row
                ? new(row)
                : new(keys, "is listed, and is not there");
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return new(keys, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>A value is not of the type that the row gives it.</summary>
    private static bool IsUnreadable(Exception e) =>
        e is FormatException or OverflowException or JsonException or ArgumentException or InvalidOperationException;

    private static bool IsConflict(RequestFailedException e) =>
        e.Status switch
        {
            409 => e.ErrorCode == TableErrorCode.EntityAlreadyExists,
            404 => e.ErrorCode != TableErrorCode.TableNotFound,
            412 => true,
            _ => false,
        };
}
