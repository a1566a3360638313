using System.Diagnostics;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace DynamicSurplus.Local.Demo;

/// <summary>The demo from the first fleet to the last cent.</summary>
internal sealed class DemoRun(SurplusHost host, IAnsiConsole console, TimeSpan length, long seed)
{
    private const int HistoryTicks = 2 * 24 * 60;
    private const int SpikeTicks = 12;

    /// <summary>Longest that settling everything may take at the end, on the wall.</summary>
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(60);

    private readonly IServiceProvider _services = host.Services;
    private readonly Dictionary<FleetId, SyntheticDemand> _demands = [];

    private EngineClock Clock => _services.GetRequiredService<EngineClock>();

    private EngineOptions Engine => _services.GetRequiredService<EngineOptions>();

    /// <returns>Whether everything added up.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await RegisterAsync(cancellationToken);
        await WarmUpAsync(cancellationToken);
        var address = await host.StartAsync(cancellationToken);
        console.MarkupLineInterpolated($"Serving at [bold]{address}[/] · market and internal demand are synthetic");

        using var market = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeder = ActivatorUtilities.CreateInstance<DemoFeeder>(
            _services,
            (IReadOnlyDictionary<FleetId, SyntheticDemand>)_demands
        );
        var feeding = feeder.RunAsync(market.Token);
        var board = new DemoBoard(console, _services);
        await board.ShowAsync(length, [.. Spikes(feeder)], cancellationToken);

        await _services.GetRequiredService<MarketDriver>().CloseAsync();
        await SettleAsync(address, cancellationToken);
        await market.CancelAsync();
        await feeding.ContinueWith(
            _ => { },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );

        var audit = await _services.GetRequiredService<AuditBooks>().RunAsync(cancellationToken);
        var summary = await _services.GetRequiredService<ReadSummary>().RunAsync(cancellationToken);
        return new DemoReport(console).Show(audit, summary);
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        var fleets = _services.GetRequiredService<ManageFleets>();
        foreach (var (fleet, shape) in DemoFleets.All)
        {
            await fleets.PutAsync(fleet, FleetPrecondition.None, cancellationToken);
            _demands.Add(fleet.Id, new(fleet.Id, seed, shape, Engine.TickLength));
        }
    }

    /// <summary>Two days of telemetry through the risk model, so that the margins know the fleets.</summary>
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var first = Clock.Tick.Plus(-HistoryTicks, Engine.TickLength);
        var past = Enumerable
            .Range(0, HistoryTicks)
            .Select(n => first.Plus(n, Engine.TickLength))
            .Select(tick => (tick, (IReadOnlyList<Sample>)[.. _demands.Values.Select(d => d.At(tick, 0, 0))]));
        await _services.GetRequiredService<WarmUpShard>().RunAsync(0, past, cancellationToken);
        console.WriteLine(
            $"{_demands.Count} fleets, two days of telemetry folded in {watch.Elapsed.TotalSeconds:F1} s: "
                + "margins are warm"
        );
    }

    /// <summary>
    /// Internal demand rises to capacity at one and two thirds, on the fleet with the most spot GPUs to take back.
    /// </summary>
    private IEnumerable<(TimeSpan At, Func<CancellationToken, Task<string>> Do)> Spikes(DemoFeeder feeder)
    {
        foreach (var third in new[] { 1, 2 })
        {
            yield return (length * third / 3, SpikeAsync);
        }

        async Task<string> SpikeAsync(CancellationToken cancellationToken)
        {
            var books = _services.GetRequiredService<ICapacityBooks>();
            var read = await Task.WhenAll(
                DemoFleets
                    .All.Where(f => !f.Shape.WallEnforced)
                    .Select(async f => (f.Shape, (await books.ReadAsync(f.Fleet.Id, cancellationToken)).Book))
            );
            var (shape, book) = read.MaxBy(r => r.Book.ActiveSpot);
            feeder.Spike(book.Fleet, shape.Healthy, SpikeTicks);
            return $"internal demand of {book.Fleet} rises to capacity: {book.ActiveSpot} spot GPUs must yield";
        }
    }

    /// <summary>
    /// The customers end what they have; the books must come to 0. A request that the closing cut off may still hold
    /// GPUs, in no view: that lapses by itself.
    /// </summary>
    private async Task SettleAsync(Uri address, CancellationToken cancellationToken)
    {
        console.WriteLine("The market has closed: live leases are ended and settled");
        var customers = host.Keys.Customers.ToDictionary(
            c => TenantId.Parse(c.Key),
            c => new SurplusClient(address, c.Value)
        );
        var views = _services.GetRequiredService<ILeaseViews>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < SettleWithin)
        {
            var page = await views.ListAsync(null, null, 1000, cancellationToken);
            var live = new List<LeaseView>();
            for (; ; page = await views.ListAsync(null, page.Next, 1000, cancellationToken))
            {
                live.AddRange(page.Leases.Where(v => v.Status is not (LeaseStatus.Settled or LeaseStatus.Lapsed)));
                if (page.Next is null)
                {
                    break;
                }
            }
            if (live.Count == 0 && await TakenAsync(cancellationToken) == 0)
            {
                break;
            }
            await Parallel.ForEachAsync(
                live.Where(v => v.Status != LeaseStatus.Ended),
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
                async (v, token) => await customers[v.Tenant].EndAsync(v.Lease, $"close-{v.Lease}", token)
            );
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
        foreach (var customer in customers.Values)
        {
            customer.Dispose();
        }
    }

    private async Task<int> TakenAsync(CancellationToken cancellationToken)
    {
        var books = _services.GetRequiredService<ICapacityBooks>();
        var read = await Task.WhenAll(_demands.Keys.Select(fleet => books.ReadAsync(fleet, cancellationToken)));
        return read.Sum(r => r.Book.Taken);
    }
}
