using System.Globalization;
using System.Runtime.InteropServices;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Cloud.Blobs;

/// <remarks>
/// An append and a note of it are two writes. So the intent comes first: the blob's metadata name the tick, the length
/// of the file before it and the tick that it ended with; then the frame is appended if nothing has changed since (ETag
/// and length). A file longer than that ends with the intended tick; one that is not was left between the two writes,
/// and still ends with the tick before. An append whose answer was lost meets a longer file in its retry, and is done.
/// </remarks>
public sealed partial class BlobShardStore
{
    private const string IntendedTick = "tick";
    private const string LengthBefore = "lengthbefore";
    private const string TickBefore = "tickbefore";
    private const long NoTick = long.MinValue;

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
        var (length, last) = stored is null ? (0, NoTick) : (stored.ContentLength, LastTick(stored));
        if (last >= tick.StartSeconds)
        {
            return true;
        }
        var intent = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [IntendedTick] = Text(tick.StartSeconds),
            [LengthBefore] = Text(length),
            [TickBefore] = Text(last),
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

    /// <summary>The tick of the file's last frame, in Unix seconds.</summary>
    private static long LastTick(BlobProperties stored) =>
        Number(stored, stored.ContentLength > Number(stored, LengthBefore) ? IntendedTick : TickBefore);

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
