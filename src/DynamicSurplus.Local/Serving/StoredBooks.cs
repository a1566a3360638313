using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicSurplus.Local.Serving;

/// <summary>The engine's steps over a data folder's storage, where nothing ticks and nobody is served.</summary>
internal static class StoredBooks
{
    /// <returns>No ledger where leases diverge: it would be made of them.</returns>
    public static async Task<(AuditReport Audit, LedgerReport? Ledger)> AuditAsync(
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
        var audit = await provider.GetRequiredService<AuditBooks>().RunAsync(cancellationToken);
        return audit.Findings.Count > 0
            ? (audit, null)
            : (audit, await provider.GetRequiredService<CheckLedger>().RunAsync(cancellationToken));
    }
}
