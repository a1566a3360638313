using Azure;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>
/// Partition: the fleet. Rows: <c>book</c>, whose ETag is the version, and <c>lease-…</c> for each reservation. Both
/// change in one transaction.
/// </summary>
/// <remarks>
/// Where the answer to a commit was lost and the retry meets the book that it wrote, the mark on the reservation says
/// so. If somebody has moved the same reservation since, it is reported as a conflict: whoever decides again then finds
/// the reservation made.
/// </remarks>
public sealed partial class TableCapacityBooks(StorageClients clients) : ICapacityBooks
{
    internal const string TableName = "capacity";
    private readonly GuardedTable _table = clients.Table(TableName);

    public async Task<(CapacityBook Book, string? Version)> ReadAsync(
        FleetId fleet,
        CancellationToken cancellationToken
    )
    {
        var row = await _table.FindAsync(fleet.ToString(), BookRow.Key, cancellationToken);
        return row is null ? (new(fleet), null) : (BookRow.Read(fleet, row), row.ETag.ToString());
    }

    public async Task<Reservation?> FindAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken) =>
        await _table.FindAsync(fleet.ToString(), ReservationRow.KeyOf(lease), cancellationToken) is { } row
            ? ReservationRow.Read(row)
            : null;

    public async Task<IReadOnlyList<Reservation>> ListAsync(FleetId fleet, CancellationToken cancellationToken)
    {
        var (from, to) = ReservationRow.Range;
        var rows = await _table.ListAsync(
            $"PartitionKey eq {fleet.ToString()} and RowKey ge {from} and RowKey lt {to}",
            cancellationToken
        );
        return [.. rows.Select(ReservationRow.Read)];
    }

    public async Task<bool> TryCommitAsync(
        CapacityBook book,
        Reservation reservation,
        string? version,
        CancellationToken cancellationToken
    )
    {
        if (reservation.Fleet != book.Fleet)
        {
            throw new ArgumentException(
                $"The reservation is of fleet '{reservation.Fleet}', the book of '{book.Fleet}'.",
                nameof(reservation)
            );
        }
        var mark = WriteMark.New();
        var row = BookRow.Write(book);
        var answer = await _table.SubmitAsync(
            [
                version is null
                    ? new(TableTransactionActionType.Add, row)
                    : new(TableTransactionActionType.UpdateReplace, row, new ETag(version)),
                new(TableTransactionActionType.UpsertReplace, ReservationRow.Write(reservation, mark)),
            ],
            cancellationToken
        );
        return answer.IsDone || await IsMineAsync(reservation, mark, cancellationToken);
    }

    /// <remarks>
    /// Where the answer was lost and the retry meets the book that it wrote, this is a conflict too: whoever looks
    /// again
    /// finds the book right.
    /// </remarks>
    public async Task<bool> TryCorrectAsync(CapacityBook book, string? version, CancellationToken cancellationToken)
    {
        var row = BookRow.Write(book);
        var written = version is null
            ? await _table.TryAddAsync(row, cancellationToken)
            : await _table.TryReplaceAsync(row, new ETag(version), cancellationToken);
        return written is not null;
    }

    public async Task ForgetAsync(FleetId fleet, LeaseId lease, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var row = await _table.FindAsync(fleet.ToString(), ReservationRow.KeyOf(lease), cancellationToken);
            if (row is null)
            {
                return;
            }
            var state = ReservationRow.Read(row).State;
            if (state != ReservationState.Released)
            {
                throw new InvalidOperationException(
                    $"Lease '{lease}' still holds GPUs of '{fleet}' ({state}): release it first."
                );
            }
            if (await _table.TryDeleteAsync(row, cancellationToken))
            {
                return;
            }
            await Contention.AfterAsync(attempt, $"The reservation of lease {lease}", cancellationToken);
        }
    }

    private async Task<bool> IsMineAsync(Reservation reservation, long mark, CancellationToken cancellationToken)
    {
        var key = ReservationRow.KeyOf(reservation.Lease);
        var row = await _table.FindAsync(reservation.Fleet.ToString(), key, cancellationToken);
        return row is not null && ReservationRow.MarkOf(row) == mark;
    }
}
