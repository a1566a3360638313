using DynamicSurplus.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicSurplus.Local.Serving;

/// <summary>A host's storage, up: the emulator where it has one of its own, and the adapters to register.</summary>
internal sealed class HostStorage : IAsyncDisposable
{
    private readonly AzuriteServer? _azurite;

    private HostStorage(AzuriteServer? azurite) => _azurite = azurite;

    /// <summary>Null in memory.</summary>
    public string? TelemetryQueueName => null;

    public static Task<HostStorage> OpenAsync(
        HostOptions options,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        return Task.FromResult(new HostStorage(null));
    }

    public void Register(IServiceCollection services)
    {
        services.AddMemoryStorage();
    }

    public ValueTask DisposeAsync() => _azurite?.DisposeAsync() ?? ValueTask.CompletedTask;
}
