using System.Text.Json;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// The Azurite that serves a data folder, as <c>azurite.json</c> there keeps it for the next host to adopt.
/// </summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="StartedUnixMilliseconds">When that process started: tells it from a later one with its id.</param>
/// <param name="Key">Account key, base64, new with each start: who answers to it is this very server.</param>
/// <param name="BlobPort">0, as the others, until the server listens.</param>
/// <param name="QueuePort">As <paramref name="BlobPort"/>.</param>
/// <param name="TablePort">As <paramref name="BlobPort"/>.</param>
public sealed record AzuriteRecord(
    int ProcessId,
    long StartedUnixMilliseconds,
    string Key,
    int BlobPort = 0,
    int QueuePort = 0,
    int TablePort = 0
)
{
    /// <summary>The one account. Azurite files its data under this name, so it never changes.</summary>
    public const string Account = "dynamicsurplus";

    public string ConnectionString() =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{BlobPort}/{Account};"
        + $"QueueEndpoint=http://127.0.0.1:{QueuePort}/{Account};"
        + $"TableEndpoint=http://127.0.0.1:{TablePort}/{Account};";

    /// <summary>The record, or null where there is none that can be read.</summary>
    public static AzuriteRecord? Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<AzuriteRecord>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the record whole or not at all, readable by this user alone: it holds the key.</summary>
    public void Save(string path)
    {
        string draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, this, JsonSerializerOptions.Web);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
