using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Cloud.Tables;

/// <summary>
/// Partition: SHA-256 of the fleet's name as the sample gave it, hex, for any text may stand there. One row,
/// <c>all</c>: the count, and the latest as JSON over as many columns as it needs.
/// </summary>
public sealed partial class TableRefusals(StorageClients clients) : IRefusals
{
    internal const string TableName = "refusals";
    private const int Kept = 100;
    private const int FleetsAtOnce = 8;
    private readonly GuardedTable _table = clients.Table(TableName);

    public Task AddAsync(
        IReadOnlyList<SampleRefusal> refusals,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            refusals.GroupBy(static refusal => refusal.Fleet, StringComparer.Ordinal),
            new ParallelOptions { MaxDegreeOfParallelism = FleetsAtOnce, CancellationToken = cancellationToken },
            async (ofFleet, stop) => await AddAsync(ofFleet.Key, [.. ofFleet], at, stop)
        );

    public async Task<RefusalSummary> ReadAsync(string fleet, CancellationToken cancellationToken)
    {
        var row = await _table.FindAsync(Row.PartitionOf(fleet), Row.Key, cancellationToken);
        return row is null
            ? new(0, [])
            : new(Row.CountOf(row), [.. Row.Latest(row).Select(static entry => entry.Refusal).Reverse()]);
    }

    private async Task AddAsync(
        string fleet,
        IReadOnlyList<SampleRefusal> refusals,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var mark = WriteMark.New();
        for (var attempt = 1; ; attempt++)
        {
            var stored = await _table.FindAsync(Row.PartitionOf(fleet), Row.Key, cancellationToken);
            if (stored is not null && Row.MarkOf(stored) == mark)
            {
                return; // written, only the answer was lost
            }
            var latest = stored is null ? [] : Row.Latest(stored);
            // After what is as old or older: a batch that was handled late is no newer than it is.
            var place = latest.FindLastIndex(entry => entry.At <= at) + 1;
            latest.InsertRange(place, refusals.TakeLast(Kept).Select(refusal => new Entry(at, refusal)));
            var count = (stored is null ? 0 : Row.CountOf(stored)) + refusals.Count;
            var row = Row.Write(fleet, count, latest, mark);
            var written = stored is null
                ? await _table.TryAddAsync(row, cancellationToken)
                : await _table.TryReplaceAsync(row, stored.ETag, cancellationToken);
            if (written is not null)
            {
                return;
            }
            await Contention.AfterAsync(attempt, $"The list of refused samples of fleet '{fleet}'", cancellationToken);
        }
    }

    private sealed record Entry(DateTimeOffset At, SampleRefusal Refusal);

    [JsonSerializable(typeof(List<Entry>))]
    private sealed partial class EntryJson : JsonSerializerContext;

    private static class Row
    {
        public const string Key = "all";
        private const string Fleet = "Fleet";
        private const string Count = "Count";
        private const string Mark = "Mark";
        private const string Part = "Latest";

        /// <summary>With these a row stays below 1 MiB.</summary>
        private const int MaxParts = 15;

        public static string PartitionOf(string fleet) =>
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(fleet.AsSpan())));

        public static long CountOf(TableEntity row) => row.Required<long>(Count);

        public static long? MarkOf(TableEntity row) => row.GetInt64(Mark);

        /// <summary>Oldest first.</summary>
        public static List<Entry> Latest(TableEntity row)
        {
            byte[] json = [.. Parts(row).SelectMany(static part => part)];
            return JsonSerializer.Deserialize(json, EntryJson.Default.ListEntry)
                ?? throw new InvalidDataException($"Stored row {row.PartitionKey} / {row.RowKey}: {Part} is null.");
        }

        /// <summary>
        /// Drops the oldest past the hundredth, and where their text is so long that a row cannot hold them.
        /// </summary>
        public static TableEntity Write(string fleet, long count, List<Entry> latest, long mark)
        {
            latest.RemoveRange(0, Math.Max(0, latest.Count - Kept));
            var json = JsonSerializer.SerializeToUtf8Bytes(latest, EntryJson.Default.ListEntry);
            while (json.Length > MaxParts * TableGuard.MaxValueBytes)
            {
                latest.RemoveRange(0, (latest.Count + 1) / 2);
                json = JsonSerializer.SerializeToUtf8Bytes(latest, EntryJson.Default.ListEntry);
            }
            var row = new TableEntity(PartitionOf(fleet), Key)
            {
                [Fleet] = fleet,
                [Count] = count,
                [Mark] = mark,
            };
            foreach (var (number, part) in json.Chunk(TableGuard.MaxValueBytes).Index())
            {
                row[PartName(number)] = part;
            }
            return row;
        }

        private static IEnumerable<byte[]> Parts(TableEntity row)
        {
            for (var number = 0; row.GetBinary(PartName(number)) is { } part; number++)
            {
                yield return part;
            }
        }

        private static string PartName(int number) => Part + number.ToString("D2", CultureInfo.InvariantCulture);
    }
}
