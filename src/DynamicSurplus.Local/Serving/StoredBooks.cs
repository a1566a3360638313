using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicSurplus.Local.Serving;

/// <summary>The engine's steps over a data folder's storage, where nothing ticks and nobody is served.</summary>
internal static class StoredBooks
{
    public static async Task<AuditReport> AuditAsync(
        HostStorage storage,
        HostFile host,
        CancellationToken cancellationToken
    )
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        storage.Register(services);
        services.AddEngine(
            new EngineOptions { ShardCount = host.ShardCount, TickLength = TickLength.FromSeconds(host.TickSeconds) },
            new WebhookOptions(new byte[WebhookOptions.MinSecretBytes])
        );
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<AuditBooks>().RunAsync(cancellationToken);
    }
}
