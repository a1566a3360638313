using DynamicSurplus.Cloud;
using DynamicSurplus.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicSurplus.Local.Serving;

/// <summary>A host's storage, up: the emulator where it has one of its own, and the adapters to register.</summary>
internal sealed class HostStorage : IAsyncDisposable
{
    private readonly AzuriteServer? _azurite;
    private readonly StorageClients? _clients;

    private HostStorage(AzuriteServer? azurite, StorageClients? clients) => (_azurite, _clients) = (azurite, clients);

    /// <summary>Null in memory.</summary>
    public string? TelemetryQueueName => _clients?.TelemetryQueueName;

    /// <summary>Whether what is on disk is all that there is: nothing ran here that may not have saved yet.</summary>
    public bool IsOnDisk => _azurite is { Adopted: false };

    /// <summary>Starts or adopts what the host is to run on, and makes its tables, containers and queues.</summary>
    /// <param name="progress">Told what takes long.</param>
    /// <exception cref="AzuriteException">The emulator cannot be had or started.</exception>
    public static async Task<HostStorage> OpenAsync(
        HostOptions options,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        if (options.Storage is StorageChoice.Memory)
        {
            return new(null, null);
        }
        AzuriteServer? azurite = null;
        if (options.Storage is StorageChoice.Azurite)
        {
            var install = await new AzuriteInstaller { Progress = progress }.FindOrInstallAsync(cancellationToken);
            azurite = await AzuriteServer.StartAsync(
                install,
                new AzuriteOptions { DataFolder = options.DataFolder },
                cancellationToken
            );
        }
        try
        {
            var connection = azurite?.ConnectionString ?? ((StorageChoice.Account)options.Storage).ConnectionString;
            var clients = StorageClients.From(connection);
            await clients.EnsureCreatedAsync(cancellationToken);
            return new(azurite, clients);
        }
        catch
        {
            await (azurite?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    public void Register(IServiceCollection services)
    {
        if (_clients is null)
        {
            services.AddMemoryStorage();
        }
        else
        {
            services.AddAzureStorage(_clients);
        }
    }

    public ValueTask DisposeAsync() => _azurite?.DisposeAsync() ?? ValueTask.CompletedTask;
}
