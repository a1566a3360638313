using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace DynamicSurplus.Local.Serving;

/// <summary>
/// The storage emulator as a process of the local host: started on a data folder (or in memory), adopted where an
/// earlier host was killed and left it running, stopped, with all its data saved, on disposal.
/// </summary>
[SuppressMessage("Reliability", "CA2000", Justification = "Process and lock pass to the server that is returned.")]
public sealed class AzuriteServer : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly AzuriteProcess _process;
    private readonly AzuriteOptions _options;
    private readonly FileStream? _folderLock;
    private int _disposed;

    private AzuriteServer(
        AzuriteProcess process,
        AzuriteRecord record,
        bool adopted,
        AzuriteOptions options,
        FileStream? folderLock
    )
    {
        _process = process;
        _options = options;
        _folderLock = folderLock;
        ConnectionString = record.ConnectionString();
        Adopted = adopted;
    }

    /// <summary>For blobs, queues and tables of the one account; its key is new with each start of Azurite.</summary>
    public string ConnectionString { get; }

    public int ProcessId => _process.Id;

    /// <summary>Whether the process was found running on the data folder instead of started.</summary>
    public bool Adopted { get; }

    /// <summary>Starts Azurite, or adopts the one that runs on the data folder.</summary>
    /// <exception cref="AzuriteException">
    /// <see cref="AzuriteFailure.StartFailed"/>, or <see cref="AzuriteFailure.FolderInUse"/> by another live host.
    /// </exception>
    public static async Task<AzuriteServer> StartAsync(
        AzuriteInstall install,
        AzuriteOptions options,
        CancellationToken cancel
    )
    {
        if (options.DataFolder is null)
        {
            return await LaunchAsync(install, options, folderLock: null, cancel);
        }

        Directory.CreateDirectory(Location(options)!);
        FileStream folderLock =
            AzuriteFileLock.TryTake(Path.Combine(options.DataFolder, "azurite.lock"))
            ?? throw new AzuriteException(
                AzuriteFailure.FolderInUse,
                $"The data folder {options.DataFolder} is in use by another running host: "
                    + "stop it or name another folder."
            );
        try
        {
            return await AdoptAsync(options, folderLock, cancel)
                ?? await LaunchAsync(install, options, folderLock, cancel);
        }
        catch
        {
            await folderLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops Azurite: it saves what it holds and ends; killed after the stop time-out.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _process.StopAsync(_options.StopTimeout);
        _process.Dispose();
        if (_folderLock is not null)
        {
            File.Delete(RecordPath(_options));
            await _folderLock.DisposeAsync();
        }
    }

    private static string? Location(AzuriteOptions options) =>
        options.DataFolder is null ? null : Path.GetFullPath(Path.Combine(options.DataFolder, "azurite"));

    private static string RecordPath(AzuriteOptions options) => Path.Combine(options.DataFolder!, "azurite.json");

    /// <summary>
    /// The recorded process, where it runs and answers to the recorded key: that alone proves it is the one. One that
    /// runs but does not answer (it hangs, or its host was killed while it started) is stopped: never two on one
    /// folder.
    /// </summary>
    private static async Task<AzuriteServer?> AdoptAsync(
        AzuriteOptions options,
        FileStream folderLock,
        CancellationToken cancel
    )
    {
        if (
            AzuriteRecord.Load(RecordPath(options)) is not { } record
            || AzuriteProcess.Find(record.ProcessId) is not { } process
        )
        {
            return null;
        }

        if (record.TablePort != 0 && await AnswersAsync(record, cancel))
        {
            return new AzuriteServer(process, record, adopted: true, options, folderLock);
        }

        if (process.StartedAt(record.StartedUnixMilliseconds))
        {
            await process.StopAsync(options.StopTimeout);
        }

        process.Dispose();
        return null;
    }

    private static async Task<AzuriteServer> LaunchAsync(
        AzuriteInstall install,
        AzuriteOptions options,
        FileStream? folderLock,
        CancellationToken cancel
    )
    {
        AzuriteProcess process = AzuriteProcess.Start(install, Location(options));
        try
        {
            string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
            var record = new AzuriteRecord(process.Id, process.StartedUnixMilliseconds, key);
            if (folderLock is not null)
            {
                record.Save(RecordPath(options));
            }

            record = await process.ServeAsync(record, options.StartTimeout, cancel);
            if (folderLock is not null)
            {
                record.Save(RecordPath(options));
            }

            return new AzuriteServer(process, record, adopted: false, options, folderLock);
        }
        catch
        {
            await process.StopAsync(options.StopTimeout);
            process.Dispose();
            throw;
        }
    }

    private static async Task<bool> AnswersAsync(AzuriteRecord record, CancellationToken cancel)
    {
        string connection = record.ConnectionString();
        try
        {
            await new BlobServiceClient(connection, Once(new BlobClientOptions())).GetPropertiesAsync(cancel);
            await new QueueServiceClient(connection, Once(new QueueClientOptions())).GetPropertiesAsync(cancel);
            await new TableServiceClient(connection, Once(new TableClientOptions())).GetPropertiesAsync(cancel);
            return true;
        }
        catch (Exception e) when (e is RequestFailedException or OperationCanceledException or AggregateException)
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static T Once<T>(T options)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = AnswerTimeout;
        return options;
    }
}
