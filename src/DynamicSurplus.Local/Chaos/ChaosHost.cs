using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Local.Serving;

namespace DynamicSurplus.Local.Chaos;

/// <summary>
/// The host under test, on one data folder: started, killed and started again. Its storage emulator is never killed.
/// </summary>
internal sealed class ChaosHost(string folder, double speed) : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(120);

    /// <summary>Requests that the killed process had sent to its storage have arrived there by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private TaskCompletionSource<HostFile> _up = Fresh();
    private HostProcess? _process;

    /// <summary>The host that runs, once one does.</summary>
    public Task<HostFile> UpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _up.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Starts a process, and does not wait for it.</summary>
    public void Launch() => _process = HostProcess.Start(folder, speed);

    /// <summary>Waits until the process answers.</summary>
    /// <exception cref="InvalidOperationException">It ended, or took too long; with what it said.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        var isReady = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartWithin);
        try
        {
            isReady = await _process!.ReadyAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It took too long.
        }
        if (!isReady)
        {
            throw new InvalidOperationException(
                $"the host {(limit.IsCancellationRequested ? "did not start in time" : "ended by itself")}: "
                    + _process!.Errors
            );
        }
        lock (_gate)
        {
            _up.TrySetResult(HostFile.Find(folder)!);
        }
    }

    /// <exception cref="InvalidOperationException">It had ended by itself; with what it said.</exception>
    public async Task KillAsync()
    {
        lock (_gate)
        {
            _up = _up.Task.IsCompleted ? Fresh() : _up;
        }
        using var process = _process!;
        _process = null;
        if (process.HasExited)
        {
            throw new InvalidOperationException($"the host ended by itself: {process.Errors}");
        }
        await process.KillAsync();
    }

    /// <summary>What the killed host left, as it stands; null before it ever got as far as its storage.</summary>
    public async Task<AuditReport?> AuditAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Settling, cancellationToken);
        if (
            AzuriteRecord.Load(Path.Combine(folder, "azurite.json")) is not { TablePort: > 0 } azurite
            || HostFile.Find(folder) is not { } host
        )
        {
            return null;
        }
        var storage = new StorageChoice.Account(azurite.ConnectionString());
        await using var opened = await HostStorage.OpenAsync(
            new(storage, folder, 0, 1),
            TextWriter.Null,
            cancellationToken
        );
        await using var books = await StoredBooks.OpenAsync(opened, host, cancellationToken);
        return await books.AuditAsync(cancellationToken);
    }

    /// <summary>Kills the host where it runs, and stops its storage, which saves what it holds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await _process.KillAsync();
        }
        _process?.Dispose();
        if (Directory.Exists(folder) && AzuriteRecord.Load(Path.Combine(folder, "azurite.json")) is not null)
        {
            var storage = new HostOptions(new StorageChoice.Azurite(), folder, 0, 1);
            await (await HostStorage.OpenAsync(storage, TextWriter.Null, CancellationToken.None)).DisposeAsync();
        }
    }

    private static TaskCompletionSource<HostFile> Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
