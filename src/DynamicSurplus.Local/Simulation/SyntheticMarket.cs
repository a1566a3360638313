using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Simulation;

/// <summary>
/// The synthetic outside demand for one fleet. No public trace of requests with their willingness to pay is known, so
/// every figure that comes of this says that it does.
/// </summary>
/// <remarks>
/// <para>
/// Requests per minute: load × mean free GPUs × e^(0.7 N) / E[GPUs × term] × (1 + 0.4 sin(2π t / 1440 + phase)) × e^s,
/// the count Poisson; s is AR(1) with standard deviation 0.5 and correlation e^(−1/1440) a minute; t is in minutes.
/// </para>
/// <para>
/// Draws, in order: N, phase, s of the first tick. Per tick: the normal that moves s (not in the first), the count; per
/// request its GPUs, tier, term (spot only), and the normal of its maximal rate.
/// </para>
/// </remarks>
public sealed class SyntheticMarket
{
    private const ulong Use = 1;
    private const double MinutesPerDay = 1440;
    private const double PopularitySigma = 0.7;
    private const double DaySwing = 0.4;
    private const double MoodSigma = 0.5;
    private const double SpotShare = 0.75;
    private const double SpotTermMeanMinutes = 60;
    private const double SpotTermLeastMinutes = 5;
    private const double MaxRateMedian = 0.45;
    private const double MaxRateSigma = 0.5;
    private const double FirmRateFactor = 1.25;
    private const double LeastFreeShare = 0.05;
    private static readonly (int Gpus, double Share)[] Sizes = [(1, 0.5), (2, 0.2), (4, 0.15), (8, 0.15)];
    private static readonly TimeSpan FirmTermWish = TimeSpan.FromMinutes(60);

    private readonly RandomStream _draws;
    private readonly TickLength _length;
    private readonly TimeSpan _firmTerm;
    private readonly double _loadPerMeanFree;
    private readonly double _phase;
    private readonly double _meanTermMinutes;
    private double _mood;
    private Tick _last = Tick.None;

    /// <param name="seed">Of the whole market; each fleet draws from a stream of its own.</param>
    public SyntheticMarket(FleetId fleet, long seed, MarketLoad load, TickLength length)
    {
        _draws = RandomStream.Of(fleet, seed, Use);
        _length = length;
        var horizon = TermLimits.Horizon(length);
        _firmTerm = horizon < FirmTermWish ? horizon : FirmTermWish;
        _meanTermMinutes = (SpotShare * MeanSpotTermMinutes()) + ((1 - SpotShare) * _firmTerm.TotalMinutes);
        _loadPerMeanFree = Factor(load) * Math.Exp(PopularitySigma * _draws.NextNormal());
        _phase = 2 * Math.PI * _draws.NextUniform();
        _mood = MoodSigma * _draws.NextNormal();
    }

    private double TickMinutes => _length.Span.TotalMinutes;

    /// <summary>What scales a fleet's market: its mean free GPUs, at least 5 % of its mean capacity.</summary>
    /// <param name="meanFree">Of capacity − min(demand, capacity), whatever the wall.</param>
    public static double MeanFree(double meanCapacity, double meanFree) =>
        Math.Max(LeastFreeShare * meanCapacity, meanFree);

    /// <summary>
    /// Adds the requests of one tick. Each tick is drawn once, in the order of time; missed ones are passed over.
    /// </summary>
    /// <param name="capacity">The fleet's GPUs now: a request asks for at most half of them.</param>
    /// <param name="meanFree">As <see cref="MeanFree"/> gives it.</param>
    public void Draw(Tick tick, double capacity, double meanFree, ICollection<MarketRequest> requests)
    {
        MoveMood(tick);
        var mostGpus = Math.Max(1, (int)Math.Floor(capacity / 2));
        var perMinute =
            _loadPerMeanFree
            * meanFree
            / (MeanGpus(mostGpus) * _meanTermMinutes)
            * (1 + (DaySwing * Math.Sin((2 * Math.PI * tick.StartSeconds / 60 / MinutesPerDay) + _phase)))
            * Math.Exp(_mood);
        for (var left = _draws.NextPoisson(perMinute * TickMinutes); left > 0; left--)
        {
            requests.Add(Request(mostGpus));
        }
    }

    private static double Factor(MarketLoad load) =>
        load switch
        {
            MarketLoad.Weak => 1,
            MarketLoad.Medium => 3,
            MarketLoad.Strong => 6,
            _ => throw new ArgumentOutOfRangeException(nameof(load), load, "Say weak, medium or strong."),
        };

    private static double MeanGpus(int mostGpus) => Sizes.Sum(size => Math.Min(size.Gpus, mostGpus) * size.Share);

    private void MoveMood(Tick tick)
    {
        if (_last != Tick.None)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(tick, _last);
            var minutes = (tick.StartSeconds - _last.StartSeconds) / 60.0;
            var kept = Math.Exp(-minutes / MinutesPerDay);
            _mood = (kept * _mood) + (MoodSigma * Math.Sqrt(1 - (kept * kept)) * _draws.NextNormal());
        }
        _last = tick;
    }

    private MarketRequest Request(int mostGpus)
    {
        var gpus = Math.Min(_draws.NextOf(Sizes), mostGpus);
        var isSpot = _draws.NextUniform() < SpotShare;
        var term = isSpot ? SpotTerm(SpotTermMeanMinutes * _draws.NextExponential()) : _firmTerm;
        var most = Math.Min(1, MaxRateMedian * Math.Exp(MaxRateSigma * _draws.NextNormal()));
        return isSpot ? new(LeaseTier.Spot, gpus, term, most) : new(LeaseTier.Firm, gpus, term, FirmRateFactor * most);
    }

    private TimeSpan SpotTerm(double minutes) => Ticks(Math.Max(SpotTermLeastMinutes, minutes)) * _length.Span;

    private double Ticks(double minutes) => Math.Ceiling(minutes / TickMinutes);

    /// <summary>
    /// Of the term rounded up to ticks: Σ P(term &gt; n ticks) over n, which is 1 below the least term.
    /// </summary>
    private double MeanSpotTermMinutes()
    {
        var least = Ticks(SpotTermLeastMinutes);
        var perTick = Math.Exp(-TickMinutes / SpotTermMeanMinutes);
        return TickMinutes * (least + (Math.Pow(perTick, least) / (1 - perTick)));
    }
}
