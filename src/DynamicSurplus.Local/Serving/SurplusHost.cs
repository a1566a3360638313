using System.Runtime.InteropServices;
using System.Text;
using DynamicSurplus.Api;
using DynamicSurplus.Cloud;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>The local host: storage, the engine's steps, the API on loopback, and what drives them.</summary>
internal sealed class SurplusHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HostOptions _options;
    private readonly HostStorage _storage;
    private readonly SpeededTime _clock;
    private readonly TaskCompletionSource<Uri> _address;
    private PosixSignalRegistration? _hangUp;

    private SurplusHost(
        WebApplication app,
        HostOptions options,
        HostStorage storage,
        SpeededTime clock,
        HostKeys keys,
        TaskCompletionSource<Uri> address
    )
    {
        (_app, _options, _storage, _clock, _address) = (app, options, storage, clock, address);
        Keys = keys;
    }

    public IServiceProvider Services => _app.Services;

    public HostKeys Keys { get; }

    /// <summary>Brings storage and services up; nothing serves or ticks yet.</summary>
    /// <exception cref="AzuriteException">The emulator cannot be had or started.</exception>
    /// <exception cref="ClockException">The folder's clock is ahead of this one.</exception>
    public static async Task<SurplusHost> CreateAsync(
        HostOptions options,
        TextWriter progress,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(options.DataFolder);
        var storage = await HostStorage.OpenAsync(options, progress, cancellationToken);
        try
        {
            var keys = HostKeys.Of(options.DataFolder, options.Tenants);
            var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
            var engine = new EngineOptions
            {
                Speed = options.Speed,
                TickLength = options.TickLength,
                LiveQuotes = options.LiveQuotes,
                HeldGpus = options.HeldGpus,
                TenantShare = options.TenantShare ?? (options.Market is null ? new EngineOptions().TenantShare : 1),
            };
            var clock = await HostClock.StartAsync(storage, engine, cancellationToken);
            var app = Build(options, engine, storage, keys, clock, address.Task);
            return new(app, options, storage, clock, keys, address);
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Serves and ticks, and says where in <c>host.json</c>.</summary>
    /// <returns>Where the API answers.</returns>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        // A terminal that closes stops the host like any other signal, and leaves no emulator behind.
        _hangUp = PosixSignalRegistration.Create(
            PosixSignal.SIGHUP,
            signal =>
            {
                signal.Cancel = true;
                _app.Lifetime.StopApplication();
            }
        );
        var addresses = Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        var address = new Uri(addresses.Addresses.First());
        var engine = Services.GetRequiredService<EngineOptions>();
        new HostFile(
            address,
            Environment.ProcessId,
            _storage.TelemetryQueueName,
            Path.GetFullPath(Path.Combine(_options.DataFolder, HostKeys.Name)),
            _clock.WallAnchor,
            _clock.Anchor,
            _clock.Speed,
            engine.TickLength.Seconds,
            engine.ShardCount
        ).Save(_options.DataFolder);
        _address.SetResult(address);
        return address;
    }

    /// <summary>Completes when the host is told to stop: Ctrl-C, SIGTERM, or the token.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _hangUp?.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private static WebApplication Build(
        HostOptions options,
        EngineOptions engine,
        HostStorage storage,
        HostKeys keys,
        TimeProvider clock,
        Task<Uri> address
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(options.LogLevel);

        var services = builder.Services;
        services.AddMetrics();
        services.AddSingleton(clock);
        storage.Register(services);
        // In front of whichever table of wake-ups the storage has.
        var table = services.Last(service => service.ServiceType == typeof(IWakeups));
        services.Remove(table);
        services.AddSingleton(provider => new WakeupTimers(
            (IWakeups)ActivatorUtilities.CreateInstance(provider, table.ImplementationType!),
            clock
        ));
        services.AddSingleton<IWakeups>(provider => provider.GetRequiredService<WakeupTimers>());

        services.AddPrometheus();
        services.AddEngine(
            engine,
            new(Encoding.UTF8.GetBytes(keys.WebhookSecret)) { AllowPrivateTargets = options.AllowPrivateWebhooks }
        );
        services.AddDynamicSurplusApi(keys.Hashed(), entra: options.Entra, limits: options.Requests);
        services.AddEventStreams();
        services.AddHostedService<TelemetryConsumer>();
        services.AddHostedService<LeaseRunner>();
        services.AddHostedService<PricingTicker>();
        services.AddHostedService<TelemetryPuller>();
        services.AddHostedService<WebhookDriver>();
        services.AddHostedService<EventTrimmer>();
        services.AddHostedService<BooksReconciler>();
        if (options.Market is { } load)
        {
            services.AddSingleton(new MarketOptions(load, options.Seed, [.. keys.Customers.Values], address));
            services.AddSingleton<MarketDriver>();
            services.AddHostedService(provider => provider.GetRequiredService<MarketDriver>());
        }
        var app = builder.Build();
        app.MapDynamicSurplus();
        return app;
    }
}
