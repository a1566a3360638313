using DynamicSurplus.Engine;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>Storage and a clock that outlive a process, and processes that may die.</summary>
internal sealed class LeaseWorld
{
    public static readonly FleetId Fleet = FleetId.Parse("north");
    public static readonly TenantId Tenant = TenantId.Parse("acme");

    /// <summary>
    /// An enforced wall at half of 64 GPUs: 32 are always surplus, so that both tiers sell from the first tick.
    /// </summary>
    private static readonly FleetPolicy Policy = FleetPolicy.Under(Rate.FromUsd(4)) with
    {
        Wall = 0.5,
        WallEnforced = true,
        MinimumRunSeconds = 0,
    };

    private readonly InMemoryFleetDirectory _directory = new(new EngineOptions());
    private readonly InMemoryTelemetryInbox _inbox = new();
    private readonly InMemoryRequestLog _requests = new();
    private readonly InMemoryShardStore _shards = new();
    private readonly InMemoryDisplacedBooks _displaced = new();
    private readonly InMemoryCapacityBooks _books = new();
    private readonly InMemoryLeaseJournal _journal = new();
    private readonly InMemoryWakeups _wakeups = new();
    private readonly InMemoryLeaseViews _views = new();
    private readonly InMemoryRefusals _refusals = new();
    private readonly InMemoryTenantHolds _holds = new();
    private readonly InMemoryAuditLog _audit = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 8, 22, 10, 0, 0, TimeSpan.Zero));

    /// <summary>A process over this world's storage.</summary>
    /// <param name="publisher">Null: events stay in memory.</param>
    /// <param name="services">Registers in place of what this world has.</param>
    public ServiceProvider Start(
        CrashPoint? point = null,
        IEventPublisher? publisher = null,
        Action<IServiceCollection>? services = null
    )
    {
        point ??= new CrashPoint(call: 0, afterTheWrite: false);
        var all = new ServiceCollection();
        all.AddMetrics();
        all.AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>));
        all.AddSingleton<TimeProvider>(Time);
        all.AddEngine(new EngineOptions(), new WebhookOptions(new byte[WebhookOptions.MinSecretBytes]));
        Add<IFleetDirectory>(_directory);
        Add<ITelemetryInbox>(_inbox);
        Add<IRequestLog>(_requests);
        Add<IShardStore>(_shards);
        Add<IDisplacedBooks>(_displaced);
        Add<ICapacityBooks>(_books);
        Add<ILeaseJournal>(_journal);
        Add<IWakeups>(_wakeups);
        Add<ILeaseViews>(_views);
        Add<IRefusals>(_refusals);
        Add<ITenantHolds>(_holds);
        Add<IAuditLog>(_audit);
        all.AddSingleton<ITelemetryQueue>(new InMemoryTelemetryQueue(Time));
        if (publisher is not null)
        {
            all.AddSingleton(publisher);
        }
        services?.Invoke(all);
        return all.BuildServiceProvider();

        void Add<TPort>(TPort port)
            where TPort : class => all.AddSingleton(CrashingPort<TPort>.Around(port, point));
    }

    public Task RegisterAsync(IServiceProvider process, CancellationToken stop) =>
        process
            .GetRequiredService<ManageFleets>()
            .PutAsync(
                new Fleet(Fleet, "eu", "H100", "main", "platform", new FleetAttributes(), Policy),
                FleetPrecondition.None,
                stop
            );

    /// <summary>A minute passes: telemetry of that demand, the tick, and whatever is due.</summary>
    public async Task MinuteAsync(IServiceProvider process, double running, double healthy, CancellationToken stop)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        var sample = new Sample(Fleet, Time.GetUtcNow(), healthy, running, Queued: 0);
        foreach (var body in TelemetryJson.Write([sample], shardCount: 1))
        {
            await process.GetRequiredService<IngestTelemetry>().RunAsync(body, stop);
        }
        await process.GetRequiredService<RunPricingCycle>().RunAsync(0, stop);
        await WakeAsync(process, stop);
    }

    public async Task WakeAsync(IServiceProvider process, CancellationToken stop)
    {
        var (wakeups, wake) = (process.GetRequiredService<IWakeups>(), process.GetRequiredService<WakeLease>());
        foreach (var due in await wakeups.DueAsync(Time.GetUtcNow(), 100, stop))
        {
            await wake.RunAsync(due, stop);
        }
    }

    /// <summary>Quotes and accepts, as the API does for one request.</summary>
    public async Task<Lease?> LeaseAsync(
        IServiceProvider process,
        string key,
        LeaseTier tier,
        int gpus,
        TimeSpan term,
        CancellationToken stop
    )
    {
        var request = new LeaseRequest(Tenant, tier, gpus, term, Fleet: Fleet);
        var quote = await process.GetRequiredService<RequestQuote>().RunAsync(request, key, "hash-" + key, stop);
        if (quote.Lease is not { Refusal: null } held)
        {
            return null;
        }
        var clock = process.GetRequiredService<EngineClock>();
        var accept = new LeaseCommand.Accept(CommandId.From("accept-" + key), clock.UtcNow, clock.Tick);
        return (await process.GetRequiredService<HandleLeaseCommand>().RunAsync(held.Lease.Id, accept, stop)).Lease;
    }
}
