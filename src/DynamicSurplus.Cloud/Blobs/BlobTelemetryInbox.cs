using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using DynamicSurplus.Engine.Ports;

namespace DynamicSurplus.Cloud.Blobs;

/// <summary>
/// One blob a batch, <c>shard/name</c>. Names begin with the writer's time, so they list oldest first.
/// </summary>
public sealed class BlobTelemetryInbox(StorageClients clients) : ITelemetryInbox
{
    internal const string ContainerName = "inbox";
    private const int DeletionsAtOnce = 16;
    private const int LargestPage = 5_000;
    private readonly BlobContainerClient _container = clients.Container(ContainerName);

    /// <remarks>The name is chosen here: a retry whose first try had arrived writes the same blob again.</remarks>
    public async Task AddAsync(int shard, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(Folder(shard) + Guid.CreateVersion7().ToString("N"));
        await blob.UploadAsync(BinaryData.FromBytes(batch), overwrite: true, cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ListAsync(int shard, int most, CancellationToken cancellationToken)
    {
        var folder = Folder(shard);
        var entries = new List<string>();
        var pages = _container
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, folder, cancellationToken)
            .AsPages(pageSizeHint: Math.Clamp(most, 1, LargestPage));
        await foreach (var page in pages)
        {
            entries.AddRange(page.Values.Take(most - entries.Count).Select(blob => blob.Name[folder.Length..]));
            if (entries.Count >= most)
            {
                break;
            }
        }
        return entries;
    }

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(int shard, string entry, CancellationToken cancellationToken)
    {
        try
        {
            var blob = _container.GetBlobClient(Folder(shard) + entry);
            var download = await blob.DownloadContentAsync(cancellationToken);
            return download.Value.Content.ToMemory();
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    public Task DeleteAsync(int shard, IReadOnlyList<string> entries, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            entries,
            new ParallelOptions { MaxDegreeOfParallelism = DeletionsAtOnce, CancellationToken = cancellationToken },
            async (entry, stop) =>
                await _container.DeleteBlobIfExistsAsync(Folder(shard) + entry, cancellationToken: stop)
        );

    private static string Folder(int shard) => shard.ToString("D4", CultureInfo.InvariantCulture) + "/";
}
