using System.Globalization;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>
/// Partition: the hour of the due time. Row: <c>milliseconds-lease-fleet</c>. Row keys begin with the time whatever
/// their partition, so what is due, in old hours too, is one range: from the table's start to now, in the order of
/// time.
/// </summary>
public sealed class TableWakeups(StorageClients clients) : IWakeups
{
    internal const string TableName = "due";
    private const long HourMilliseconds = 3_600_000;

    /// <summary>Digits of the largest instant.</summary>
    private const int TimeDigits = 15;
    private const int LeaseDigits = 32;
    private static readonly string[] Keys = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];

    private readonly GuardedTable _table = clients.Table(TableName);

    public Task ScheduleAsync(Wakeup wakeup, CancellationToken cancellationToken) =>
        _table.UpsertAsync(RowOf(wakeup), cancellationToken);

    public async Task<IReadOnlyList<Wakeup>> DueAsync(
        DateTimeOffset until,
        int most,
        CancellationToken cancellationToken
    )
    {
        var milliseconds = until.ToUnixTimeMilliseconds();
        var (hour, after) = (HourOf(milliseconds), TimeOf(milliseconds + 1));
        var rows = await _table.ListAsync(
            $"PartitionKey le {hour} and RowKey lt {after}",
            cancellationToken,
            most,
            Keys
        );
        return [.. rows.Select(static row => Read(row.RowKey))];
    }

    public async Task<bool> IsScheduledAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        var row = RowOf(wakeup);
        return await _table.FindAsync(row.PartitionKey, row.RowKey, cancellationToken) is not null;
    }

    public Task RemoveAsync(Wakeup wakeup, CancellationToken cancellationToken)
    {
        var row = RowOf(wakeup);
        return _table.DeleteAsync(row.PartitionKey, [row.RowKey], cancellationToken);
    }

    private static TableEntity RowOf(Wakeup wakeup)
    {
        var milliseconds = wakeup.RoundedUp().At.ToUnixTimeMilliseconds();
        return new(HourOf(milliseconds), $"{TimeOf(milliseconds)}-{wakeup.Lease}-{wakeup.Fleet}");
    }

    private static Wakeup Read(string row) =>
        new(
            LeaseId.Parse(row.Substring(TimeDigits + 1, LeaseDigits)),
            FleetId.Parse(row[(TimeDigits + 1 + LeaseDigits + 1)..]),
            DateTimeOffset.FromUnixTimeMilliseconds(
                long.Parse(row.AsSpan(0, TimeDigits), NumberStyles.None, CultureInfo.InvariantCulture)
            )
        );

    private static string HourOf(long milliseconds) =>
        (milliseconds / HourMilliseconds).ToString("D8", CultureInfo.InvariantCulture);

    private static string TimeOf(long milliseconds) => milliseconds.ToString("D15", CultureInfo.InvariantCulture);
}
