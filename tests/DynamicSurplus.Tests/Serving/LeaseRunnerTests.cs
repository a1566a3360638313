using DynamicSurplus.Engine;
using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Provisioning;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using DynamicSurplus.Tests.Backtesting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Serving;

/// <summary>
/// Ten thousand leases at once through the real steps and the real runner, on storage in memory, with timers that lose
/// a third of what they are told, and a restart halfway.
/// </summary>
public sealed class LeaseRunnerTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int LeaseCount = 10_000;
    private const int FleetCount = 20;
    private const int TenantCount = 500;
    private const int GpusPerFleet = 4_000;

    /// <summary>
    /// Of wall time without anything being done: then the clock moves a little, for what waits to be retried.
    /// </summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 22, 10, 0, 0, TimeSpan.Zero));
    private readonly InMemoryWakeups _table = new();
    private readonly int _seed = Random.Shared.Next();
    private Random _dice = null!;
    private ChaosWakeups _chaos = null!;
    private ServiceProvider _services = null!;
    private LeaseRunner _runner = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        output.WriteLine($"seed {_seed}");
        _dice = new Random(_seed);
        _chaos = new(_table, _time, new Random(_seed));
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<TimeProvider>(_time);
        services.AddMemoryStorage();
        services.AddSingleton<IWakeups>(_chaos);
        services.AddEngine(new EngineOptions(), new WebhookOptions(new byte[WebhookOptions.MinSecretBytes]));
        _services = services.BuildServiceProvider();
        await StartAsync();
    }

    [Fact]
    public async Task Ten_thousand_leases_are_all_settled_to_the_second()
    {
        await PriceAsync();
        var leases = await LeaseAsync();
        var most = _chaos.Timers.Count;
        for (var minute = 0; minute < 35; minute++)
        {
            if (minute == 3)
            {
                await ReclaimSomeAsync(leases);
            }
            if (minute == 5)
            {
                await RestartAsync();
            }
            for (var step = 0; step < 6; step++)
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                await QuietAsync();
                most = Math.Max(most, _chaos.Timers.Count);
            }
        }

        await ForgottenAsync();

        await RequireSettledAsync(leases);
        foreach (var fleet in Fleets())
        {
            var books = _services.GetRequiredService<ICapacityBooks>();
            (await books.ReadAsync(fleet, Stop)).Book.Taken.ShouldBe(0);
            (await books.ListAsync(fleet, Stop)).ShouldBeEmpty();
        }
        (await _table.DueAsync(DateTimeOffset.MaxValue, 1, Stop)).ShouldBeEmpty();
        _chaos.Lost.ShouldBeGreaterThan(LeaseCount);
        // A lapse, a grant's time-out, an end: no lease has more ahead of it.
        most.ShouldBeInRange(LeaseCount / 2, 4 * LeaseCount);
        _chaos.Timers.Count.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.StopAsync(CancellationToken.None);
        _runner.Dispose();
        await _services.DisposeAsync();
    }

    private async Task StartAsync()
    {
        _chaos.Restart();
        _runner = ActivatorUtilities.CreateInstance<LeaseRunner>(_services, _chaos.Timers);
        await _runner.StartAsync(Stop);
    }

    private async Task RestartAsync()
    {
        await _runner.StopAsync(Stop);
        _runner.Dispose();
        await StartAsync();
    }

    private static IEnumerable<FleetId> Fleets() =>
        Enumerable.Range(0, FleetCount).Select(n => FleetId.Parse($"fleet-{n}"));

    /// <summary>Fleets whose wall leaves them half of their GPUs to sell, from the first tick on.</summary>
    private async Task PriceAsync()
    {
        var policy = FleetPolicy.Under(Rate.FromUsd(4)) with { Wall = 0.5, WallEnforced = true };
        foreach (var id in Fleets())
        {
            var fleet = new Fleet(id, "eu", "H100", "main", "platform", new FleetAttributes(), policy);
            await _services.GetRequiredService<ManageFleets>().PutAsync(fleet, FleetPrecondition.None, Stop);
        }
        var samples = Fleets().Select(id => new Sample(id, _time.GetUtcNow(), GpusPerFleet, Running: 0, Queued: 0));
        foreach (var body in TelemetryJson.Write([.. samples], shardCount: 1))
        {
            await _services.GetRequiredService<IngestTelemetry>().RunAsync(body, Stop);
        }
        _time.Advance(TimeSpan.FromMinutes(1));
        await _services.GetRequiredService<RunPricingCycle>().RunAsync(0, Stop);
    }

    /// <summary>One in ten quotes is not accepted.</summary>
    private async Task<List<LeaseId>> LeaseAsync()
    {
        var (quotes, handle) = (
            _services.GetRequiredService<RequestQuote>(),
            _services.GetRequiredService<HandleLeaseCommand>()
        );
        var clock = _services.GetRequiredService<EngineClock>();
        var (leases, fleets) = (new List<LeaseId>(), Fleets().ToArray());
        for (var n = 0; n < LeaseCount; n++)
        {
            var request = new LeaseRequest(
                TenantId.Parse($"tenant-{n % TenantCount}"),
                LeaseTier.Spot,
                Gpus: 1 + _dice.Next(4),
                TimeSpan.FromSeconds(300 + _dice.Next(600)),
                Fleet: fleets[n % FleetCount]
            );
            var quote = await AgainAsync(() => quotes.RunAsync(request, $"{n}", $"hash-{n}", Stop));
            var held = quote.Lease.ShouldNotBeNull().State;
            leases.Add(held.Lease.Id);
            if (n % 10 != 0)
            {
                var accept = new LeaseCommand.Accept(CommandId.From("accept"), clock.UtcNow, clock.Tick);
                await AgainAsync(() => handle.RunAsync(held.Lease.Id, accept, Stop));
            }
            _time.Advance(TimeSpan.FromMilliseconds(n % 5));
        }
        return leases;
    }

    /// <summary>One in seven is taken back, one in seven ended by its customer.</summary>
    private async Task ReclaimSomeAsync(List<LeaseId> leases)
    {
        var (handle, clock) = (
            _services.GetRequiredService<HandleLeaseCommand>(),
            _services.GetRequiredService<EngineClock>()
        );
        foreach (var (n, lease) in leases.Index().Where(item => item.Index % 7 < 2))
        {
            LeaseCommand command =
                n % 7 == 0
                    ? new LeaseCommand.Reclaim(
                        CommandId.From("reclaim"),
                        clock.UtcNow,
                        clock.Tick,
                        ReclaimReason.InternalDemand
                    )
                    : new LeaseCommand.End(CommandId.From("end"), clock.UtcNow, clock.Tick);
            await AgainAsync(() => handle.RunAsync(lease, command, Stop));
        }
    }

    /// <summary>As a caller does whose answer was lost: the same request once more.</summary>
    private static async Task<T> AgainAsync<T>(Func<Task<T>> request)
    {
        while (true)
        {
            try
            {
                return await request();
            }
            catch (IOException)
            {
                // Lost; the next try finds what it did.
            }
        }
    }

    /// <summary>
    /// Nothing is due any more. What has failed waits for the clock, which moves on while nothing happens.
    /// </summary>
    private async Task QuietAsync()
    {
        await _chaos.Timers.SweepAsync(TimeSpan.Zero, Stop);
        for (var left = -1; ; )
        {
            var due = (await _table.DueAsync(_time.GetUtcNow(), int.MaxValue, Stop)).Count;
            if (due == 0)
            {
                return;
            }
            if (due == left)
            {
                _time.Advance(TimeSpan.FromMilliseconds(500));
                await _chaos.Timers.SweepAsync(TimeSpan.Zero, Stop);
            }
            left = due;
            await Task.Delay(Idle, Stop);
        }
    }

    /// <summary>Where only the answer to the removal was lost, memory still wants to try again.</summary>
    private async Task ForgottenAsync()
    {
        for (var tries = 0; tries < 100 && _chaos.Timers.Count > 0; tries++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(Idle, Stop);
        }
    }

    private async Task RequireSettledAsync(List<LeaseId> leases)
    {
        var streams = _services.GetRequiredService<LeaseStreams>();
        var ends = new Dictionary<EndReason, int>();
        var lapsed = 0;
        foreach (var (n, id) in leases.Index())
        {
            var (state, account) = (await streams.ReadAsync(id, Stop), new LeaseAccount());
            foreach (var envelope in state.Events)
            {
                account.Apply(envelope);
            }
            state.Pending.ShouldBeEmpty();
            account.Gpus.ShouldBe(0);
            account.Status.ShouldBe(n % 10 == 0 ? LeaseStatus.Lapsed : LeaseStatus.Settled, $"lease {n}");
            lapsed += account.Status == LeaseStatus.Lapsed ? 1 : 0;
            if (state.Lease.EndReason is { } reason)
            {
                ends[reason] = ends.GetValueOrDefault(reason) + 1;
            }
        }
        lapsed.ShouldBe(LeaseCount / 10);
        ends.Keys.ShouldBe([EndReason.TermOver, EndReason.EndedByCustomer, EndReason.Reclaimed], ignoreOrder: true);
    }
}
