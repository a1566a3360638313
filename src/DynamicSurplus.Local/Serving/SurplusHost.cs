using System.Text.Json;
using DynamicSurplus.Api;
using DynamicSurplus.Api.Access;
using DynamicSurplus.Cloud;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>The local host: storage, the engine's steps, the API on loopback, and what drives them.</summary>
internal sealed class SurplusHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly AzuriteServer? _azurite;
    private readonly HostOptions _options;
    private readonly HostFile _file;

    private SurplusHost(WebApplication app, AzuriteServer? azurite, HostOptions options, HostFile file, HostKeys keys)
    {
        _app = app;
        _azurite = azurite;
        _options = options;
        _file = file;
        Keys = keys;
    }

    public IServiceProvider Services => _app.Services;

    public HostKeys Keys { get; }

    /// <summary>Where the API answers; known once started.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Brings storage and services up; nothing ticks yet.</summary>
    /// <exception cref="AzuriteException">The emulator cannot be had or started.</exception>
    /// <exception cref="ClockException">The folder's clock is ahead of this one.</exception>
    public static async Task<SurplusHost> CreateAsync(
        HostOptions options,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(options.DataFolder);
        var azurite = await StartAzuriteAsync(options, progress, cancellationToken);
        try
        {
            var keys = HostKeys.Of(options.DataFolder, options.Tenants);
            SpeededTime? clock = null;
            var app = Build(options, azurite?.ConnectionString, keys, () => clock!);
            var known = HostFile.Find(options.DataFolder);
            var file = await FileAsync(app.Services, options, known, cancellationToken);
            clock = new(TimeProvider.System, file.WallAnchor, file.Anchor, file.Speed);
            return new(app, azurite, options, file, keys);
        }
        catch
        {
            await (azurite?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <summary>Serves and ticks, and says so in <c>host.json</c>.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        var addresses = Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        Address = new(addresses.Addresses.First());
        (_file with { Address = Address }).Save(_options.DataFolder);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }

    private static async Task<AzuriteServer?> StartAzuriteAsync(
        HostOptions options,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        if (options.Storage is not StorageChoice.Azurite)
        {
            return null;
        }
        var install = await AzuriteInstaller.FindOrInstallAsync(progress, cancellationToken);
        return await AzuriteServer.StartAsync(
            install,
            new AzuriteOptions { DataFolder = options.DataFolder },
            cancellationToken
        );
    }

    private static WebApplication Build(
        HostOptions options,
        string? connectionString,
        HostKeys keys,
        Func<TimeProvider> clock
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(options.LogLevel);

        var services = builder.Services;
        services.AddSingleton(_ => clock());
        connectionString ??= (options.Storage as StorageChoice.Account)?.ConnectionString;
        if (connectionString is null)
        {
            services.AddMemoryStorage();
        }
        else
        {
            services.AddAzureStorage(StorageClients.From(connectionString));
        }
        // The fast path in front of whichever table of wake-ups was registered.
        services.AddSingleton(provider => new WakeupTimers(connectionString is null ? new InMemoryWakeups() : null));
        services.AddEngine(new() { Speed = options.Speed, TickLength = options.TickLength });
        services.AddDynamicSurplusApi(keys.Hashed());
        services.AddHostedService<TelemetryConsumer>();
        services.AddHostedService<LeaseRunner>();
        services.AddHostedService<PricingTicker>();
        var app = builder.Build();
        app.MapDynamicSurplus();
        return app;
    }
}
