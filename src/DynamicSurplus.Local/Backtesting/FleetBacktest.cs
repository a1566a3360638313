using DynamicSurplus.Engine;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>
/// Takes one fleet through its recorded time: the engine that serves live, fed by a trace, a synthetic market and a
/// virtual clock.
/// </summary>
/// <remarks>
/// Order within a tick: telemetry, ends and forced ends, reclaim, margins, rate from the last tick's accepted load,
/// then the requests in the order of their drawing. (Here the reclaim comes after the rate; neither sees the other.)
/// </remarks>
public sealed class FleetBacktest
{
    private static readonly EngineOptions Engine = new();
    private static readonly Staleness Staleness = new(Engine.FreezeAfter, Engine.RefuseAfter);
    private static readonly TenantId Customers = TenantId.Parse("synthetic-market");

    private readonly FleetTrace _trace;
    private readonly Fleet _fleet;
    private readonly ShardState _state = new(Engine.TickLength);
    private readonly PricingCycle _cycle;
    private readonly SyntheticMarket _market;
    private readonly double _meanFree;
    private readonly FleetTally _tally;
    private readonly List<MarketRequest> _wishes = [];
    private int _samplesSeen;

    /// <param name="risk">The forecaster under test; null: the one that serves live.</param>
    public FleetBacktest(FleetTrace trace, BacktestOptions options, IRiskModel? risk = null)
    {
        _cycle = new(risk ?? new ReferenceRiskModel());
        var policy = options.Policy;
        _trace = trace;
        _fleet = new(trace.Fleet, "recorded", "recorded", "recorded", "recorded", new(), policy, Revision: 1);
        _state.Adopt([_fleet]);
        _market = new(trace.Fleet, options.Seed, options.Market, Length);
        _meanFree = SyntheticMarket.MeanFree(trace.MeanCapacity, trace.MeanFree);
        _tally = new(policy.EffectiveWall, Length);
        Leases = new(trace.Fleet, Length, Engine.QuoteLife(policy), Engine.LapseGrace);
        Oracle = new(policy);
    }

    public static TickLength Length => Engine.TickLength;

    public VirtualLeases Leases { get; }

    public FixedRateOracle Oracle { get; }

    /// <summary>The fleet's line of the rate book at the latest tick.</summary>
    public RateEntry Entry { get; private set; }

    /// <summary>All ticks, one after the other, then the end: what still runs is ended and settled.</summary>
    /// <param name="ticked">Called after every tick.</param>
    public BacktestFigures Run(Action ticked, CancellationToken cancellationToken)
    {
        var tick = _trace.FirstTick;
        for (var left = _trace.TickCount; left > 0; left--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Step(tick);
            ticked();
            tick = tick.Plus(1, Length);
        }
        Leases.EndAll(tick);
        Oracle.Finish(tick.Start);
        return _tally.Figures(Leases, Oracle, _state.Risk, _fleet.Policy.Ceiling);
    }

    private void Step(Tick tick)
    {
        var samples = _trace.Samples;
        for (; _samplesSeen < samples.Length && samples[_samplesSeen].At <= tick.Start; _samplesSeen++)
        {
            _state.Telemetry.Fold(0, samples[_samplesSeen]);
        }
        Leases.WakeAt(tick);
        _state.SetLeases(0, Leases.Book, watchUntil: null);
        _cycle.Run(_state, tick, tick.Start, Staleness);
        double capacity = _state.Pricing.Capacity[0];
        double demand = _state.Pricing.Demand[0];
        var notice = TimeSpan.FromSeconds(_fleet.Policy.NoticeSeconds);
        Leases.Reclaim(tick, capacity, demand, _fleet.Policy.EffectiveWall, notice);
        Oracle.BeginTick(tick, capacity, demand);
        Entry = _state.Book().EntryAt(0);

        _wishes.Clear();
        _market.Draw(tick, capacity, _meanFree, _wishes);
        foreach (var wish in _wishes)
        {
            Ask(wish, tick);
            Oracle.Offer(wish);
        }
        _tally.Observe(capacity, demand, Leases.Book, Entry.Spot, _wishes.Count);
    }

    /// <summary>
    /// What a request meets in the live host: it is matched, counted where its bound covers the rate, and leased.
    /// </summary>
    private void Ask(MarketRequest wish, Tick tick)
    {
        var most = wish.MaxRateUnder(_fleet.Policy.Ceiling);
        var request = new LeaseRequest(Customers, wish.Tier, wish.Gpus, wish.Term, most, _fleet.Id);
        var offer = new FleetOffer(
            _fleet,
            Entry.Spot,
            Entry.Firm,
            Admission.Fitting(LeaseTier.Spot, longTerm: false, Entry.Slice, Leases.Book),
            Admission.Fitting(LeaseTier.Firm, longTerm: false, Entry.Slice, Leases.Book),
            LongFirmGpus: 0,
            InterruptionProbability: 0,
            Entry.Stale
        );
        var match = FleetMatcher.Match(request, [offer], Length);
        if (match.Serving is { } serving && most >= serving.RateFor(wish.Tier))
        {
            _state.Own.Offered[0] += wish.Gpus * (wish.Term / Length.Span);
        }
        if (match.Candidates is [var best, ..])
        {
            Leases.Lease(LeaseTerms.Of(request, best, tick, Length), tick);
        }
    }
}
