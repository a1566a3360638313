using System.Diagnostics;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Serving;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicSurplus.Local.Benchmarking;

/// <summary>
/// An open-loop load on a host of its own: customers come when they come, whether or not the ones before them have been
/// served, and between them come single writes to the same storage.
/// </summary>
internal sealed class LeaseLoad(SurplusHost host, LeaseLoadOptions options)
{
    private const int FleetCount = 16;
    private const int GpusPerFleet = 4096;
    private const double BusyShare = 0.25;
    private const int HistoryTicks = 2 * 24 * 60;
    private static readonly TimeSpan Term = TimeSpan.FromHours(1);

    /// <summary>Dropped from the figures: code is compiled and connections are opened.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for the first tick that prices the fleets.</summary>
    private static readonly TimeSpan PricedWithin = TimeSpan.FromSeconds(30);

    private readonly FleetId[] _fleets = [.. Enumerable.Range(0, FleetCount).Select(n => FleetId.Parse($"fleet-{n}"))];
    private readonly Latencies _leases = new();
    private readonly Latencies _writes = new();
    private int _refused;

    public async Task<LeaseFigures> RunAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var address = await host.StartAsync(cancellationToken);
        var customers = host.Keys.Customers.Values.Select(key => new SurplusClient(address, key)).ToArray();
        await PricedAsync(cancellationToken);

        var audit = host.Services.GetRequiredService<IAuditLog>();
        var leasing = OpenLoopAsync(
            options.LeasesPerSecond,
            seed: 1,
            (n, began, isTimed) => LeaseAsync(customers[n % customers.Length], n, began, isTimed, cancellationToken),
            cancellationToken
        );
        var writing = OpenLoopAsync(
            options.WritesPerSecond,
            seed: 2,
            (n, began, isTimed) => WriteAsync(audit, n, began, isTimed, cancellationToken),
            cancellationToken
        );
        await Task.WhenAll(leasing, writing);
        Array.ForEach(customers, customer => customer.Dispose());
        return new(
            2 * options.LeasesPerSecond,
            _leases.Count,
            _refused,
            _leases.Percentile(0.5),
            _leases.Percentile(0.99),
            _writes.Count,
            _writes.Percentile(0.5),
            _writes.Percentile(0.99)
        );
    }

    /// <summary>Fleets with two days of quiet telemetry, so that their slices are as large as they get.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var services = host.Services;
        var (fleets, clock) = (services.GetRequiredService<ManageFleets>(), services.GetRequiredService<EngineClock>());
        var length = services.GetRequiredService<EngineOptions>().TickLength;
        var policy = FleetPolicy.Under(SkuCatalog.DefaultCeiling("H100")!.Value);
        foreach (var id in _fleets)
        {
            var fleet = new Fleet(id, "eu-north-1", "H100", "bench", "platform", new FleetAttributes(), policy);
            await fleets.PutAsync(fleet, FleetPrecondition.None, cancellationToken);
        }
        var first = clock.Tick.Plus(-HistoryTicks, length);
        var past = Enumerable
            .Range(0, HistoryTicks)
            .Select(n => first.Plus(n, length))
            .Select(tick => (tick, (IReadOnlyList<Sample>)[.. _fleets.Select(id => SampleOf(id, tick.Start))]));
        await services.GetRequiredService<WarmUpShard>().RunAsync(0, past, cancellationToken);
    }

    private static Sample SampleOf(FleetId fleet, DateTimeOffset at) =>
        new(fleet, at, GpusPerFleet, BusyShare * GpusPerFleet, Queued: 0);

    private async Task PricedAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(PricedWithin);
        var rates = host.Services.GetRequiredService<RateBooks>();
        while (await rates.FindAsync(_fleets[0], patience.Token) is not { TotalSlice: >= 1 })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }
    }

    /// <summary>Starts something at random instants, so many a second on average, and waits for all of it.</summary>
    /// <param name="start">Given its number, when it was to begin, and whether it counts.</param>
    private async Task OpenLoopAsync(
        double perSecond,
        ulong seed,
        Func<int, long, bool, Task> start,
        CancellationToken cancellationToken
    )
    {
        var (draws, running, began) = (new RandomStream(seed), new List<Task>(), Stopwatch.GetTimestamp());
        var at = TimeSpan.Zero;
        for (var n = 0; at < WarmUp + options.Length; n++)
        {
            var wait = at - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }
            running.Add(start(n, began + (long)(at.TotalSeconds * Stopwatch.Frequency), at >= WarmUp));
            at += TimeSpan.FromSeconds(draws.NextExponential() / perSecond);
        }
        await Task.WhenAll(running);
    }

    private async Task LeaseAsync(
        SurplusClient customer,
        int n,
        long began,
        bool isTimed,
        CancellationToken cancellationToken
    )
    {
        var (fleet, key) = (_fleets[n % FleetCount], $"bench-{n}");
        try
        {
            var quote = await customer.QuoteAsync(fleet, LeaseTier.Spot, 1, Term, null, key, cancellationToken);
            if (quote is { } id && await customer.AcceptAsync(id, key + "-accept", cancellationToken))
            {
                if (isTimed)
                {
                    _leases.Add(Stopwatch.GetElapsedTime(began));
                }
                return;
            }
        }
        catch (Exception failure)
            when (failure is HttpRequestException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            // No answer, or one that says to come again.
        }
        Interlocked.Increment(ref _refused);
    }

    /// <summary>One insert of one row.</summary>
    private async Task WriteAsync(IAuditLog audit, int n, long began, bool isTimed, CancellationToken cancellationToken)
    {
        var id = AuditId.New(TimeProvider.System.GetUtcNow());
        var entry = new AuditEntry(id, null, "bench", "operator", "bench", "/", $"{n}", null, null, null, null);
        await audit.AppendAsync(entry, cancellationToken);
        if (isTimed)
        {
            _writes.Add(Stopwatch.GetElapsedTime(began));
        }
    }
}
