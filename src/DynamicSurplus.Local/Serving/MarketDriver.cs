using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Fleets;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Local.Serving;

/// <summary>Simulated customers: at each tick they ask over HTTP for quotes, and lease what they are quoted.</summary>
internal sealed partial class MarketDriver(
    MarketOptions options,
    FleetCatalog catalog,
    ReadFleetUse readUse,
    EngineClock clock,
    EngineOptions engine,
    TimeProvider time,
    ILogger<MarketDriver> logger
) : BackgroundService
{
    private const int AtOnce = 8;

    private readonly Dictionary<FleetId, SyntheticMarket> _markets = [];
    private SurplusClient[] _customers = [];
    private readonly CancellationTokenSource _closing = new();
    private long _asked;

    /// <summary>The customers stop asking; the host goes on.</summary>
    public async Task CloseAsync()
    {
        await _closing.CancelAsync();
        await (ExecuteTask ?? Task.CompletedTask);
    }

    public override void Dispose()
    {
        _closing.Dispose();
        Array.ForEach(_customers, customer => customer.Dispose());
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var address = await options.Address.WaitAsync(stoppingToken);
        _customers = [.. options.Keys.Select(key => new SurplusClient(address, key))];
        using var open = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _closing.Token);
        try
        {
            await AskUntilClosedAsync(open.Token);
        }
        catch (OperationCanceledException) when (open.IsCancellationRequested)
        {
            // Closed: whoever was being answered has been, or will find the lease when it looks.
        }
    }

    private async Task AskUntilClosedAsync(CancellationToken cancellationToken)
    {
        for (var done = Tick.None; ; )
        {
            var tick = clock.Tick;
            if (tick > done)
            {
                try
                {
                    await RunAsync(tick, cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    TickFailed(tick, exception);
                }
                done = tick;
            }
            var wait = done.Plus(1, engine.TickLength).Start - clock.UtcNow;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), time, cancellationToken);
        }
    }

    private async Task RunAsync(Tick tick, CancellationToken cancellationToken)
    {
        var fleets = (await catalog.GetAsync(cancellationToken)).All.ToDictionary(f => f.Value.Id, f => f.Value);
        var wishes = new List<(Fleet Fleet, MarketRequest Request)>();
        foreach (var use in await readUse.RunAsync(cancellationToken))
        {
            if (fleets.TryGetValue(use.Fleet, out var fleet) && use.CapacityGpus > 0)
            {
                wishes.AddRange(Draw(tick, fleet, use).Select(request => (fleet, request)));
            }
        }
        await Parallel.ForEachAsync(
            wishes,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (wish, token) => await AskAsync(wish.Fleet, wish.Request, token)
        );
    }

    private List<MarketRequest> Draw(Tick tick, Fleet fleet, FleetUse use)
    {
        if (!_markets.TryGetValue(fleet.Id, out var market))
        {
            market = new(fleet.Id, options.Seed, options.Load, engine.TickLength);
            _markets.Add(fleet.Id, market);
        }
        var requests = new List<MarketRequest>();
        market.Draw(tick, use.CapacityGpus, SyntheticMarket.MeanFree(use.MeanCapacityGpus, use.MeanFreeGpus), requests);
        return requests;
    }

    /// <summary>A quote, and the lease at once; a refusal is an answer like any other.</summary>
    private async Task AskAsync(Fleet fleet, MarketRequest request, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _asked);
        var customer = _customers[number % _customers.Length];
        var key = $"market-{clock.UtcNow.ToUnixTimeMilliseconds()}-{number}";
        var most = request.MaxRateUnder(fleet.Policy.Ceiling);
        try
        {
            var quote = await customer.QuoteAsync(
                fleet.Id,
                request.Tier,
                request.Gpus,
                request.Term,
                most,
                key,
                cancellationToken
            );
            if (quote is { } id)
            {
                await customer.AcceptAsync(id, key + "-accept", cancellationToken);
            }
        }
        catch (HttpRequestException exception)
        {
            RequestFailed(fleet.Id, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The simulated market missed tick {Tick}.")]
    private partial void TickFailed(Tick tick, Exception exception);

    [LoggerMessage(LogLevel.Warning, "A simulated customer got no answer about fleet {Fleet}.")]
    private partial void RequestFailed(FleetId fleet, Exception exception);
}
