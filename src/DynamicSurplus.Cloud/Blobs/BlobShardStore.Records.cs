using System.Globalization;
using System.Runtime.InteropServices;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Blobs;

/// <remarks>
/// An append and a note of it are two writes. So the intent comes first: the blob's metadata name the tick and the length
/// that the file has before it, then the frame is appended if nothing has changed since (ETag and length). A file longer
/// than its intent's length ends with that tick; one that is not was left between the two, and the tick is appended
/// again. An append whose answer was lost meets a longer file in its retry, and is done.
/// </remarks>
public sealed partial class BlobShardStore
{
    private const string LastTick = "tick";
    private const string LengthBefore = "before";

    public async Task AppendRecordAsync(
        int shard,
        Tick tick,
        ReadOnlyMemory<byte> frame,
        CancellationToken cancellationToken
    )
    {
        var file = _records.GetAppendBlobClient(HourName(shard, tick.Start));
        for (var attempt = 1; ; attempt++)
        {
            if (await TryAppendAsync(file, tick, frame, cancellationToken))
            {
                return;
            }
            await Contention.AfterAsync(attempt, $"The records of shard {shard}", cancellationToken);
        }
    }

    /// <returns>False where another writer was faster, or the first try of this one: look again.</returns>
    private static async Task<bool> TryAppendAsync(
        AppendBlobClient file,
        Tick tick,
        ReadOnlyMemory<byte> frame,
        CancellationToken cancellationToken
    )
    {
        var stored = await FindAsync(file, cancellationToken);
        if (stored is not null && EndsWith(stored, tick))
        {
            return true;
        }
        var length = stored?.ContentLength ?? 0;
        var intent = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [LastTick] = Text(tick.StartSeconds),
            [LengthBefore] = Text(length),
        };
        try
        {
            var intended = stored is null
                ? await CreateAsync(file, intent, cancellationToken)
                : await MarkAsync(file, intent, stored.ETag, cancellationToken);
            var options = new AppendBlobAppendBlockOptions
            {
                Conditions = new() { IfMatch = intended, IfAppendPositionEqual = length },
            };
            using var content = StreamOf(frame);
            await file.AppendBlockAsync(content, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (IsConflict(e))
        {
            return false;
        }
    }

    /// <summary>The file's last frame is this tick's or a later one's.</summary>
    private static bool EndsWith(BlobProperties stored, Tick tick)
    {
        var (last, before) = (Number(stored, LastTick), Number(stored, LengthBefore));
        return stored.ContentLength > before && last >= tick.StartSeconds;
    }

    private static async Task<ETag> CreateAsync(
        AppendBlobClient file,
        IDictionary<string, string> intent,
        CancellationToken cancellationToken
    )
    {
        var options = new AppendBlobCreateOptions
        {
            Metadata = intent,
            Conditions = new() { IfNoneMatch = ETag.All },
        };
        var created = await file.CreateAsync(options, cancellationToken);
        return created.Value.ETag;
    }

    private static async Task<ETag> MarkAsync(
        AppendBlobClient file,
        IDictionary<string, string> intent,
        ETag version,
        CancellationToken cancellationToken
    )
    {
        var marked = await file.SetMetadataAsync(intent, new() { IfMatch = version }, cancellationToken);
        return marked.Value.ETag;
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array)
            ? new(array.Array!, array.Offset, array.Count, writable: false)
            : new(bytes.ToArray(), writable: false);

    private static long Number(BlobProperties stored, string name) =>
        stored.Metadata.TryGetValue(name, out var text)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"A file of records lacks '{name}' in its metadata.");
}
