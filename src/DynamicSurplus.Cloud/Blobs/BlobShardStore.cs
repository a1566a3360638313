using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Cloud.Blobs;

/// <summary>
/// A shard's state and rate book, each one blob by the shard's number, and its records: an append blob for each hour,
/// <c>shard/day/hour</c>.
/// </summary>
public sealed partial class BlobShardStore(StorageClients clients) : IShardStore
{
    internal const string StateContainerName = "shards";
    internal const string BookContainerName = "book";
    internal const string RecordContainerName = "records";

    private const string Mark = "mark";
    private const int NotModified = 304;
    private readonly BlobContainerClient _states = clients.Container(StateContainerName);
    private readonly BlobContainerClient _books = clients.Container(BookContainerName);
    private readonly BlobContainerClient _records = clients.Container(RecordContainerName);

    public Task<Versioned<ReadOnlyMemory<byte>>?> LoadStateAsync(int shard, CancellationToken cancellationToken) =>
        LoadAsync(_states.GetBlobClient(Name(shard)), null, cancellationToken);

    /// <remarks>
    /// Where the answer was lost and the retry meets the state that it wrote, the blob's mark says so: else the cycle
    /// would take its own work for a rival's, and stop.
    /// </remarks>
    public async Task<string?> TrySaveStateAsync(
        int shard,
        ReadOnlyMemory<byte> state,
        string? ifMatch,
        CancellationToken cancellationToken
    )
    {
        var blob = _states.GetBlobClient(Name(shard));
        var mark = Text(WriteMark.New());
        var options = new BlobUploadOptions
        {
            Conditions = ifMatch is null ? new() { IfNoneMatch = ETag.All } : new() { IfMatch = new ETag(ifMatch) },
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Mark] = mark },
        };
        try
        {
            var written = await blob.UploadAsync(BinaryData.FromBytes(state), options, cancellationToken);
            return written.Value.ETag.ToString();
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            var stored = await FindAsync(blob, cancellationToken);
            var isMine =
                stored is not null
                && stored.Metadata.TryGetValue(Mark, out var other)
                && string.Equals(other, mark, StringComparison.Ordinal);
            return isMine ? stored!.ETag.ToString() : null;
        }
    }

    public async Task PutBookAsync(int shard, ReadOnlyMemory<byte> book, CancellationToken cancellationToken) =>
        await _books
            .GetBlobClient(Name(shard))
            .UploadAsync(BinaryData.FromBytes(book), overwrite: true, cancellationToken);

    public Task<Versioned<ReadOnlyMemory<byte>>?> LoadBookAsync(
        int shard,
        string? ifNotMatch,
        CancellationToken cancellationToken
    ) => LoadAsync(_books.GetBlobClient(Name(shard)), ifNotMatch, cancellationToken);

    public async Task<ReadOnlyMemory<byte>> ReadRecordsAsync(
        int shard,
        DateTimeOffset hour,
        CancellationToken cancellationToken
    )
    {
        var file = _records.GetBlobClient(HourName(shard, hour));
        return await LoadAsync(file, null, cancellationToken) is { } records ? records.Value : default;
    }

    private static async Task<Versioned<ReadOnlyMemory<byte>>?> LoadAsync(
        BlobClient blob,
        string? ifNotMatch,
        CancellationToken cancellationToken
    )
    {
        var options = new BlobDownloadOptions();
        if (ifNotMatch is not null)
        {
            options.Conditions = new() { IfNoneMatch = new ETag(ifNotMatch) };
        }
        try
        {
            var download = await blob.DownloadContentAsync(options, cancellationToken);
            return download.GetRawResponse().Status == NotModified
                ? null
                : new(download.Value.Content.ToMemory(), download.Value.Details.ETag.ToString());
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    /// <returns>Null where there is no such blob.</returns>
    internal static async Task<BlobProperties?> FindAsync(BlobBaseClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    /// <summary>The blob has another version, is there already, or is gone.</summary>
    internal static bool IsConflict(RequestFailedException e) =>
        e.Status == 412 || e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.BlobNotFound;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Name(int shard) => shard.ToString("D4", CultureInfo.InvariantCulture);

    private static string HourName(int shard, DateTimeOffset hour) =>
        $"{Name(shard)}/{hour.UtcDateTime.ToString("yyyy-MM-dd/HH", CultureInfo.InvariantCulture)}";
}
