using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Fleets;
using DynamicSurplus.Functions.Orchestrations;
using DynamicSurplus.Functions.Settings;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicSurplus.Functions.Tests.Durable;

/// <summary>The app's own services over memory and a fake task hub, on a virtual clock; one fleet of 64 GPUs.</summary>
internal sealed class AppWorld : IAsyncDisposable
{
    public static readonly FleetId Fleet = FleetId.Parse("north");
    public static readonly TenantId Tenant = TenantId.Parse("acme");
    public static readonly DateTimeOffset Start = new(2026, 8, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>An enforced wall at half: 32 GPUs are always surplus, so both tiers sell from the first tick.</summary>
    private static readonly FleetPolicy Policy = FleetPolicy.Under(Rate.FromUsd(4)) with
    {
        Wall = 0.5,
        WallEnforced = true,
        MinimumRunSeconds = 0,
    };

    private readonly ServiceProvider _services;

    public AppWorld(HubChaos? chaos = null, DateTimeOffset? start = null, EngineOptions? options = null)
    {
        Time = new(start ?? Start);
        Hub = new(Time, chaos);
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<TimeProvider>(Time);
        services.AddMemoryStorage();
        services.AddSurplusServices(
            new(
                options ?? new EngineOptions(),
                new WebhookOptions(new byte[WebhookOptions.MinSecretBytes]),
                new StorageConnection(),
                ServiceBus: null,
                EventsTopic: null,
                ApiKeys: [],
                Entra: null,
                PrometheusClientId: null,
                MonitorConnection: null,
                MonitorClientId: null
            )
        );
        services.AddSingleton<LeaseActivities>();
        services.AddSingleton<ReclaimActivities>();
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });

        Hub.Orchestrator(nameof(LeaseLifecycle), LeaseLifecycle.RunAsync);
        Hub.Orchestrator(nameof(ReclaimWave), ReclaimWave.RunAsync);
        var (leases, reclaims) = (Get<LeaseActivities>(), Get<ReclaimActivities>());
        Hub.Activity<LeaseWatch, LeaseLook>(LeaseActivities.Wake, watch => leases.WakeLeaseAsync(watch, default));
        Hub.Activity<ReclaimOrder, WaveNotice[]>(
            ReclaimActivities.GiveNotice,
            order => reclaims.GiveNoticeAsync(order, Hub.Client, default)
        );
        Hub.Activity<string[], WaveReport>(ReclaimActivities.ReportWave, ids => reclaims.ReportWaveAsync(ids, default));
    }

    public FakeTimeProvider Time { get; }

    public FakeTaskHub Hub { get; }

    public IServiceProvider Services => _services;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task RegisterAsync(FleetPolicy? policy = null) =>
        await Get<ManageFleets>()
            .PutAsync(
                new Fleet(Fleet, "eu", "H100", "main", "platform", new FleetAttributes(), policy ?? Policy),
                FleetPrecondition.None,
                default
            );

    /// <summary>To the next tick, with telemetry of that demand; then the pricing cycle.</summary>
    public async Task TickAsync(double running, double healthy = 64)
    {
        var next = Get<EngineClock>().Tick.Plus(1, Get<EngineOptions>().TickLength);
        await Hub.RunUntilAsync(next.Start);
        var sample = new Sample(Fleet, Time.GetUtcNow(), healthy, running, Queued: 0);
        foreach (var body in TelemetryJson.Write([sample], shardCount: 1))
        {
            await Get<IngestTelemetry>().RunAsync(body, default);
        }
        using var scope = Get<DurableClientScope>().Enter(Hub.Client);
        await Get<RunPricingCycle>().RunAsync(0, default);
    }

    public Task PassAsync(TimeSpan span) => Hub.RunUntilAsync(Time.GetUtcNow() + span);

    /// <summary>Quotes and accepts, as the API does for one request.</summary>
    public async Task<LeaseId?> LeaseAsync(string key, int gpus, TimeSpan term, LeaseTier tier = LeaseTier.Spot)
    {
        using var scope = Get<DurableClientScope>().Enter(Hub.Client);
        var request = new LeaseRequest(Tenant, tier, gpus, term, Fleet: Fleet);
        var quote = await Get<RequestQuote>().RunAsync(request, key, "hash-" + key, default);
        if (quote.Lease is not { Refusal: null } held)
        {
            return null;
        }
        var clock = Get<EngineClock>();
        await CommandAsync(held.Lease.Id, new LeaseCommand.Accept(CommandId.From("accept"), clock.UtcNow, clock.Tick));
        return held.Lease.Id;
    }

    public async Task<LeaseOutcome> CommandAsync(LeaseId lease, LeaseCommand command)
    {
        using var scope = Get<DurableClientScope>().Enter(Hub.Client);
        return await Get<HandleLeaseCommand>().RunAsync(lease, command, default);
    }

    public LeaseCommand.End End(string id)
    {
        var clock = Get<EngineClock>();
        return new(CommandId.From(id), clock.UtcNow, clock.Tick);
    }

    public async Task SweepAsync()
    {
        using var scope = Get<DurableClientScope>().Enter(Hub.Client);
        await Get<SweepLeases>().RunAsync(TimeSpan.FromSeconds(15), default);
    }

    public async Task<IReadOnlyList<LeaseEventEnvelope>> JournalAsync(LeaseId lease) =>
        (await Get<LeaseStreams>().ReadAsync(lease, default)).Events;

    public async Task<Lease> ReadAsync(LeaseId lease) => (await Get<LeaseStreams>().ReadAsync(lease, default)).Lease;

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
