using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicSurplus.Local.Serving;

/// <summary>The engine's steps over a data folder's storage, where nothing ticks and nobody is served.</summary>
internal sealed class StoredBooks : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private StoredBooks(ServiceProvider services) => _services = services;

    /// <param name="host">The one that ran last.</param>
    public static async Task<StoredBooks> OpenAsync(
        HostStorage storage,
        HostFile host,
        CancellationToken cancellationToken
    )
    {
        var engine = new EngineOptions
        {
            ShardCount = host.ShardCount,
            TickLength = TickLength.FromSeconds(host.TickSeconds),
            Speed = host.Speed,
        };
        // A fast host's data are ahead of the wall: what it did since its last tick is past, and its clock stands.
        var clock = await HostClock.StartAsync(storage, engine, cancellationToken);
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(
            new SpeededTime(TimeProvider.System, clock.WallAnchor, clock.Anchor + engine.TickLength.Span, speed: 1)
        );
        storage.Register(services);
        services.AddEngine(engine, new WebhookOptions(new byte[WebhookOptions.MinSecretBytes]));
        return new(services.BuildServiceProvider());
    }

    public Task<AuditReport> AuditAsync(CancellationToken cancellationToken) =>
        _services.GetRequiredService<AuditBooks>().RunAsync(cancellationToken);

    /// <summary>Where the journals hold: it is made of them.</summary>
    public Task<LedgerReport> CheckLedgerAsync(CancellationToken cancellationToken) =>
        _services.GetRequiredService<CheckLedger>().RunAsync(cancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
