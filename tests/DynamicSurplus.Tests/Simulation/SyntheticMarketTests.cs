using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Simulation;

public class SyntheticMarketTests
{
    private const int Day = 1440;
    private const int MeanFree = 20;

    /// <summary>E[e^(0.7 N)] × E[e^s]: what popularity and mood make of the load on average.</summary>
    private static readonly double MeanOfFactors = Math.Exp((0.49 + 0.25) / 2);
    private static readonly FleetId Fleet = FleetId.Parse("fleet-a");
    private static readonly Tick Start = new(1_600_000_020);
    private static readonly Lazy<List<MarketRequest>> Many = new(() => Draw(Fleet, seed: 3, 20 * Day, meanFree: 1000));

    [Fact]
    public void Draws_of_a_seed_never_change()
    {
        var requests = Draw(Fleet, seed: 42, ticks: Day, meanFree: 100);

        var text = string.Join('\n', requests.Select(Line));

        Convert
            .ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))
            .ShouldBe(
                "7E9371983E53922FA34DD795A0499EB8C72493497321971D9DD7B3D1F570C471",
                $"{requests.Count} requests, first {Line(requests[0])}"
            );

        static string Line(MarketRequest request) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{request.Tier} {request.Gpus} {request.Term.TotalSeconds} "
                    + $"{request.MaxRateUnder(Rate.FromUsd(1)).Steps}"
            );
    }

    [Fact]
    public void Every_fleet_and_every_seed_has_a_market_of_its_own()
    {
        var one = Draw(Fleet, seed: 1, ticks: Day);

        Draw(Fleet, seed: 1, ticks: Day).ShouldBe(one);
        Draw(Fleet, seed: 2, ticks: Day).ShouldNotBe(one);
        Draw(FleetId.Parse("fleet-b"), seed: 1, ticks: Day).ShouldNotBe(one);
    }

    [Fact]
    public void Requests_are_distributed_as_defined()
    {
        var requests = Many.Value;

        requests.Count.ShouldBeGreaterThan(100_000);
        foreach (var (gpus, share) in new[] { (1, 0.5), (2, 0.2), (4, 0.15), (8, 0.15) })
        {
            Share(requests, request => request.Gpus == gpus).ShouldBe(share, 0.01);
        }
        Share(requests, request => request.Tier == LeaseTier.Firm).ShouldBe(0.25, 0.01);
    }

    [Fact]
    public void Spot_terms_are_exponential_from_5_minutes_in_whole_ticks_and_firm_terms_an_hour()
    {
        var requests = Many.Value;

        var spot = requests.Where(request => request.Tier == LeaseTier.Spot).Select(r => r.Term.TotalMinutes).ToList();
        spot.Average().ShouldBe(60.66, 0.6);
        spot.Min().ShouldBe(5);
        Share(spot, term => term == 5).ShouldBe(1 - Math.Exp(-5 / 60.0), 0.01);
        Share(spot, term => term > 120).ShouldBe(Math.Exp(-2), 0.01);
        spot.ShouldAllBe(term => double.IsInteger(term));
        requests
            .Where(request => request.Tier == LeaseTier.Firm)
            .ShouldAllBe(request => request.Term == TimeSpan.FromHours(1));
    }

    [Fact]
    public void Maximal_rates_are_lognormal_cut_at_the_ceiling_and_firm_ones_higher_by_a_quarter()
    {
        var requests = Many.Value;

        var draws = requests.Select(r => r.MaxRate / (r.Tier == LeaseTier.Firm ? 1.25 : 1)).ToList();
        Share(draws, most => most < 0.45).ShouldBe(0.5, 0.01);
        Share(draws, most => most < 0.45 * Math.Exp(-0.5)).ShouldBe(0.1587, 0.01);
        Share(draws, most => most >= 1).ShouldBe(0.0551, 0.005);
        draws.Max().ShouldBe(1);
        var firm = requests.Where(r => r.Tier == LeaseTier.Firm).Select(r => r.MaxRate).ToList();
        Share(firm, most => most < 1.25 * 0.45).ShouldBe(0.5, 0.01);
        firm.Max().ShouldBe(1.25);
    }

    [Theory]
    [InlineData(MarketLoad.Weak, 1)]
    [InlineData(MarketLoad.Medium, 3)]
    [InlineData(MarketLoad.Strong, 6)]
    public void Offered_load_over_fleets_and_days_is_the_load_times_the_mean_free_GPUs(MarketLoad load, double factor)
    {
        const int Fleets = 400;

        var offered = Enumerable.Range(0, Fleets).Average(i => OfferedGpus(FleetId.Parse($"f{i}"), load));

        offered.ShouldBe(factor * MeanFree * MeanOfFactors, 0.15 * factor * MeanFree * MeanOfFactors);
    }

    [Fact]
    public void Offered_load_is_the_same_where_the_fleet_cuts_the_requests()
    {
        const int Fleets = 200;
        var ratio =
            Enumerable.Range(0, Fleets).Sum(i => OfferedGpus(FleetId.Parse($"f{i}"), MarketLoad.Medium, capacity: 5))
            / Enumerable.Range(0, Fleets).Sum(i => OfferedGpus(FleetId.Parse($"f{i}"), MarketLoad.Medium));

        ratio.ShouldBe(1, 0.2);
    }

    [Theory]
    [InlineData(1000, 8)]
    [InlineData(9.5, 4)]
    [InlineData(5, 2)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    public void Requests_ask_for_at_most_half_the_fleet_and_for_1_GPU_at_least(double capacity, int most)
    {
        var requests = Draw(Fleet, seed: 4, ticks: Day, capacity: capacity);

        requests.Max(request => request.Gpus).ShouldBe(most);
        requests.Min(request => request.Gpus).ShouldBe(1);
    }

    [Fact]
    public void Day_swings_by_40_percent()
    {
        // The mood moves slowly: over 200 days it averages out of the daily sine and cosine.
        var counts = Counts(FleetId.Parse("swing"), everyTicks: 60, count: 200 * 24);
        var mean = counts.Average();
        var sine = counts.Select((n, i) => n * Math.Sin(2 * Math.PI * i / 24)).Average() * 2 / mean;
        var cosine = counts.Select((n, i) => n * Math.Cos(2 * Math.PI * i / 24)).Average() * 2 / mean;

        Math.Sqrt((sine * sine) + (cosine * cosine)).ShouldBe(0.4, 0.06);
    }

    [Fact]
    public void Mood_has_deviation_one_half_and_forgets_in_a_day()
    {
        // At the same minute of every day all but the mood stands still, and at this load the count says what it is.
        var logs = Counts(Fleet, everyTicks: Day, count: 4000).Select(n => Math.Log(n)).ToArray();
        var mean = logs.Average();
        var variance = logs.Average(x => (x - mean) * (x - mean));
        var together = logs.Zip(logs.Skip(1), (a, b) => (a - mean) * (b - mean)).Average();

        Math.Sqrt(variance).ShouldBe(0.5, 0.05);
        (together / variance).ShouldBe(Math.Exp(-1), 0.06);
    }

    [Fact]
    public void Shorter_ticks_offer_the_same_load_and_keep_firm_terms_within_the_horizon()
    {
        var length = TickLength.FromSeconds(10);
        var market = new SyntheticMarket(Fleet, 5, MarketLoad.Strong, length);
        var requests = new List<MarketRequest>();

        for (var i = 0; i < 6 * Day; i++)
        {
            market.Draw(Start.Plus(i, length), capacity: 100, meanFree: MeanFree, requests);
        }

        var offered = requests.Sum(r => r.Gpus * r.Term.TotalMinutes) / Day;
        var atMinutes = OfferedGpus(Fleet, MarketLoad.Strong, seed: 5);
        offered.ShouldBeInRange(atMinutes / 2, atMinutes * 2);
        requests
            .Where(request => request.Tier == LeaseTier.Firm)
            .ShouldAllBe(request => request.Term == TimeSpan.FromMinutes(10));
        requests.ShouldAllBe(request => request.Term.TotalSeconds % 10 == 0);
    }

    [Fact]
    public void Tick_is_refused_when_it_was_drawn_before()
    {
        var market = new SyntheticMarket(Fleet, 1, MarketLoad.Weak, TickLength.Default);
        market.Draw(Start, 100, 50, []);

        Should.Throw<ArgumentOutOfRangeException>(() => market.Draw(Start, 100, 50, []));
    }

    [Fact]
    public void Bound_in_USD_lets_no_rate_through_that_it_is_below_and_none_passes_the_ceiling()
    {
        var ceiling = Rate.FromUsd(3.25m);

        Bound(0.5).ShouldBe(Rate.FromUsd(1.625m));
        Bound(0.50001).ShouldBe(Rate.FromUsd(1.625m));
        Bound(0.49999).ShouldBe(Rate.FromUsd(1.6249m));
        Bound(1.25).ShouldBe(ceiling);

        Rate Bound(double most) => new MarketRequest(LeaseTier.Firm, 1, default, most).MaxRateUnder(ceiling);
    }

    [Theory]
    [InlineData(100, 20, 20)]
    [InlineData(100, 2, 5)]
    [InlineData(100, 0, 5)]
    public void Mean_free_is_at_least_a_twentieth_of_the_capacity(double capacity, double free, double expected) =>
        SyntheticMarket.MeanFree(capacity, free).ShouldBe(expected, 1e-12);

    private static double Share<T>(IReadOnlyCollection<T> all, Func<T, bool> which) =>
        all.Count(which) / (double)all.Count;

    private static double OfferedGpus(FleetId fleet, MarketLoad load, double capacity = 1000, long seed = 7) =>
        Draw(fleet, seed, Day, load, capacity).Sum(request => request.Gpus * request.Term.TotalMinutes) / Day;

    private static List<MarketRequest> Draw(
        FleetId fleet,
        long seed,
        int ticks,
        MarketLoad load = MarketLoad.Medium,
        double capacity = 1000,
        double meanFree = MeanFree
    )
    {
        var market = new SyntheticMarket(fleet, seed, load, TickLength.Default);
        var requests = new List<MarketRequest>();
        for (var i = 0; i < ticks; i++)
        {
            market.Draw(Start.Plus(i, TickLength.Default), capacity, meanFree, requests);
        }
        return requests;
    }

    /// <summary>Requests of single ticks, some hundreds each, with the ticks between passed over.</summary>
    private static double[] Counts(FleetId fleet, int everyTicks, int count)
    {
        var market = new SyntheticMarket(fleet, seed: 9, MarketLoad.Strong, TickLength.Default);
        var requests = new List<MarketRequest>();
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    requests.Clear();
                    market.Draw(Start.Plus(i * everyTicks, TickLength.Default), 1e6, 3_000, requests);
                    return (double)requests.Count;
                }),
        ];
    }
}
