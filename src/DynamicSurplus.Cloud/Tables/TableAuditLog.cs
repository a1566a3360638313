using System.Globalization;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>Partition: the entry's day, UTC. Row: its id. Rows are inserted, and never touched again.</summary>
public sealed class TableAuditLog(StorageClients clients) : IAuditLog
{
    internal const string TableName = "audit";
    private const int LargestPage = 1_000;
    private readonly GuardedTable _table = clients.Table(TableName);

    /// <remarks>An id has 64 random bits: what stands in an entry's place is the entry itself.</remarks>
    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        _table.TryAddAsync(Row.Write(entry), cancellationToken);

    public async Task<AuditPage> ListAsync(
        DateTimeOffset from,
        DateTimeOffset? to,
        AuditId? after,
        int most,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, LargestPage);
        var rows = await ListAsync(Start(from, after), End(to), most + 1, cancellationToken);
        var entries = rows.Take(most).Select(Row.Read).ToList();
        return new(entries, rows.Count > most ? entries[^1].Id : null);
    }

    /// <summary>
    /// The rest of the first day, then the days behind it: two ranges, for one with an "or" is a scan.
    /// </summary>
    private async Task<List<TableEntity>> ListAsync(
        (string Day, string Row) start,
        (string Day, string Row) end,
        int most,
        CancellationToken cancellationToken
    )
    {
        var rows = await _table.ListAsync(
            $"PartitionKey eq {start.Day} and RowKey gt {start.Row} and RowKey lt {end.Row}",
            cancellationToken,
            most
        );
        rows.AddRange(
            await _table.ListAsync(
                $"PartitionKey gt {start.Day} and PartitionKey le {end.Day} and RowKey lt {end.Row}",
                cancellationToken,
                most - rows.Count
            )
        );
        return rows;
    }

    /// <summary>Whatever lies behind it is asked for.</summary>
    private static (string Day, string Row) Start(DateTimeOffset from, AuditId? after) =>
        after is { } last && last.At >= from
            ? (Row.DayOf(last.At), last.ToString())
            : (Row.DayOf(from), Row.Before(from));

    private static (string Day, string Row) End(DateTimeOffset? to) =>
        to is { } end ? (Row.DayOf(end), Row.Before(end)) : (Row.PastAll, Row.PastAll);

    private static class Row
    {
        /// <summary>Behind every day and every id: they begin with a digit.</summary>
        public const string PastAll = "a";

        private const string Intent = "Intent";
        private const string Caller = "Caller";
        private const string Role = "Role";
        private const string Action = "Action";
        private const string Target = "Target";
        private const string RequestId = "RequestId";
        private const string TraceId = "TraceId";
        private const string BodySha256 = "BodySha256";
        private const string Status = "Status";
        private const string Problem = "Problem";
        private const string Detail = "Detail";

        public static string DayOf(DateTimeOffset at) =>
            at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        /// <summary>In front of the ids of the instant, and behind those of every earlier one.</summary>
        public static string Before(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

        public static TableEntity Write(AuditEntry entry) =>
            new(DayOf(entry.At), entry.Id.ToString())
            {
                [Intent] = entry.Intent?.ToString(),
                [Caller] = entry.Caller,
                [Role] = entry.Role,
                [Action] = entry.Action,
                [Target] = entry.Target,
                [RequestId] = entry.RequestId,
                [TraceId] = entry.TraceId,
                [BodySha256] = entry.BodySha256,
                [Status] = entry.Status,
                [Problem] = entry.Problem,
                [Detail] = entry.Detail,
            };

        public static AuditEntry Read(TableEntity row) =>
            new(
                IdOf(row, row.RowKey),
                row.GetString(Intent) is { } intent ? IdOf(row, intent) : null,
                row.Required<string>(Caller),
                row.Required<string>(Role),
                row.Required<string>(Action),
                row.Required<string>(Target),
                row.Required<string>(RequestId),
                row.GetString(TraceId),
                row.GetString(BodySha256),
                row.GetInt32(Status),
                row.GetString(Problem),
                row.GetString(Detail)
            );

        private static AuditId IdOf(TableEntity row, string text) =>
            AuditId.TryParse(text, out var id)
                ? id
                : throw new InvalidDataException(
                    $"Stored row {row.PartitionKey} / {row.RowKey}: '{text}' is no audit entry's id."
                );
    }
}
