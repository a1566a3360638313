using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Cloud.Blobs;

/// <summary>
/// A blob <c>displaced/shard/month</c> beside the rate books, where no retention rule deletes it: it is a ledger. Its
/// metadata name the tick.
/// </summary>
public sealed class BlobDisplacedBooks(StorageClients clients) : IDisplacedBooks
{
    private const string TickOf = "tick";
    private readonly BlobContainerClient _books = clients.Container(BlobShardStore.BookContainerName);

    public async Task PutAsync(
        int shard,
        BillingPeriod period,
        Tick tick,
        ReadOnlyMemory<byte> book,
        CancellationToken cancellationToken
    )
    {
        var blob = Blob(shard, period);
        for (var attempt = 1; ; attempt++)
        {
            var stored = await BlobShardStore.FindAsync(blob, cancellationToken);
            if (stored is not null && TickIn(stored) >= tick)
            {
                return;
            }
            var options = new BlobUploadOptions
            {
                Conditions = stored is null ? new() { IfNoneMatch = ETag.All } : new() { IfMatch = stored.ETag },
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [TickOf] = tick.ToString() },
            };
            try
            {
                await blob.UploadAsync(BinaryData.FromBytes(book), options, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (BlobShardStore.IsConflict(e))
            {
                await Contention.AfterAsync(attempt, $"The displaced demand of shard {shard}", cancellationToken);
            }
        }
    }

    public async Task<ReadOnlyMemory<byte>> ReadAsync(
        int shard,
        BillingPeriod period,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var download = await Blob(shard, period).DownloadContentAsync(cancellationToken);
            return download.Value.Content.ToMemory();
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return default;
        }
    }

    private static Tick TickIn(BlobProperties stored) =>
        stored.Metadata.TryGetValue(TickOf, out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? new(seconds)
            : throw new InvalidDataException($"A book of displaced demand lacks '{TickOf}' in its metadata.");

    private BlobClient Blob(int shard, BillingPeriod period) =>
        _books.GetBlobClient(string.Create(CultureInfo.InvariantCulture, $"displaced/{shard}/{period}"));
}
