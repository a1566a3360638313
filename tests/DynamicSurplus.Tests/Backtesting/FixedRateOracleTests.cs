using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Backtesting;

public class FixedRateOracleTests
{
    private const int Capacity = 12;

    [Fact]
    public void One_lease_earns_its_maximal_rate_cut_to_the_80()
    {
        var oracle = new FixedRateOracle(Given.Policy);
        oracle.BeginTick(Given.At(0), Capacity, demand: 0);
        oracle.Offer(new(LeaseTier.Spot, 4, TimeSpan.FromMinutes(30), MaxRate: 0.5));

        oracle.Finish(Given.At(30).Start);

        var best = Rates(Given.Policy).Last(rate => rate.Steps <= 5000);
        oracle.BestRate.ShouldBe(best);
        oracle.BestCeilingHours.ShouldBe(2 * best.Steps / 10_000.0, 1e-9);
    }

    [Fact]
    public void Rates_span_floor_to_ceiling()
    {
        Best(MaxRate: 0.15).ShouldBe(Given.Policy.Floor);
        Best(MaxRate: 1).ShouldBe(Given.Policy.Ceiling);

        static Rate Best(double MaxRate)
        {
            var oracle = new FixedRateOracle(Given.Policy);
            oracle.BeginTick(Given.At(0), Capacity, demand: 0);
            oracle.Offer(new(LeaseTier.Spot, 1, TimeSpan.FromMinutes(30), MaxRate));
            return oracle.BestRate;
        }
    }

    [Fact]
    public void Leases_that_still_run_earn_until_the_end_only()
    {
        var oracle = new FixedRateOracle(Given.Policy);
        oracle.BeginTick(Given.At(0), Capacity, demand: 0);
        oracle.Offer(new(LeaseTier.Firm, 4, TimeSpan.FromMinutes(60), MaxRate: 1.25));

        oracle.Finish(Given.At(15).Start);

        oracle.BestCeilingHours.ShouldBe(1, 1e-9);
    }

    [Theory]
    [InlineData(1, false, 120)]
    [InlineData(2, false, 120)]
    [InlineData(3, true, 120)]
    [InlineData(4, false, 300)]
    [InlineData(5, true, 0)]
    public void Best_rate_is_that_of_trying_each_by_itself(long seed, bool wallEnforced, int noticeSeconds)
    {
        var policy = Given.Policy with { WallEnforced = wallEnforced, NoticeSeconds = noticeSeconds };
        var ticks = Ticks(seed, 600);

        var oracle = new FixedRateOracle(policy);
        for (var i = 0; i < ticks.Count; i++)
        {
            oracle.BeginTick(Given.At(i), Capacity, ticks[i].Demand);
            foreach (var request in ticks[i].Requests)
            {
                oracle.Offer(request);
            }
        }
        oracle.Finish(Given.At(ticks.Count).Start);

        var alone = Rates(policy).Select(rate => Earn(policy, rate, ticks)).ToList();
        alone.Max(earned => earned.Reclaims).ShouldBeGreaterThan(5);
        var best = alone.MaxBy(earned => earned.CeilingHours);
        oracle.BestCeilingHours.ShouldBe(best.CeilingHours, 1e-9);
        oracle.BestRate.ShouldBe(best.Rate);
    }

    private static List<(double Demand, List<MarketRequest> Requests)> Ticks(long seed, int count)
    {
        var market = new SyntheticMarket(Given.Fleet, seed, MarketLoad.Strong, Given.Length);
        var random = new RandomStream((ulong)seed);
        var ticks = new List<(double, List<MarketRequest>)>();
        var demand = 4.0;
        for (var i = 0; i < count; i++)
        {
            demand = random.NextUniform() < 0.05 ? Math.Round(Capacity * random.NextUniform(), 1) : demand;
            var requests = new List<MarketRequest>();
            market.Draw(Given.At(i), Capacity, meanFree: 8, requests);
            ticks.Add((demand, requests));
        }
        return ticks;
    }

    private static IEnumerable<Rate> Rates(FleetPolicy policy)
    {
        var (floor, ceiling) = ((double)policy.Floor.UsdPerGpuHour, (double)policy.Ceiling.UsdPerGpuHour);
        return Enumerable
            .Range(0, 80)
            .Select(i => Rate.FromUsd((decimal)(floor * Math.Pow(ceiling / floor, i / 79.0))));
    }

    /// <summary>One rate by itself, minute by minute: every lease is paid for every minute that it is there.</summary>
    private static (Rate Rate, double CeilingHours, int Reclaims) Earn(
        FleetPolicy policy,
        Rate rate,
        List<(double Demand, List<MarketRequest> Requests)> ticks
    )
    {
        var leases = new List<BruteLease>();
        var firmRate = Math.Min(policy.Ceiling.Steps, (int)Math.Round(1.25 * rate.Steps, MidpointRounding.ToEven));
        var (earned, reclaims) = (0.0, 0);
        for (var t = 0; t < ticks.Count; t++)
        {
            leases.RemoveAll(lease => lease.End <= t);
            var wall = policy.WallEnforced ? 0.85 : 1;
            var free = Capacity - Math.Min(ticks[t].Demand, wall * Capacity);
            var yielding = leases.Where(lease => lease is { IsSpot: true, InNotice: false }).ToList();
            var active = leases.Where(lease => !lease.InNotice).Sum(lease => lease.Gpus);
            var need = (int)
                Math.Min(yielding.Sum(lease => lease.Gpus), Math.Max(0, Math.Ceiling(active - free - 1e-3)));
            var candidates = yielding.Select(lease => new ReclaimCandidate(
                lease.Gpus,
                (double)rate.UsdPerGpuHour * lease.Gpus * (Math.Min(60, t - lease.Start) + 5) / 60,
                IsSheltered: t - lease.Start < 10
            ));
            foreach (var (index, _) in ReclaimSelection.Select(candidates.ToArray(), need))
            {
                yielding[index].InNotice = true;
                yielding[index].End = Math.Min(yielding[index].End, t + (policy.NoticeSeconds / 60));
                reclaims++;
            }
            leases.RemoveAll(lease => lease.End <= t);
            foreach (var request in ticks[t].Requests)
            {
                var isSpot = request.Tier == LeaseTier.Spot;
                var asked = isSpot ? rate.Steps : firmRate;
                var fits = leases.Sum(lease => lease.Gpus) + request.Gpus <= Math.Floor(free + 1e-3);
                if (asked <= request.MaxRate * 10_000 && fits)
                {
                    leases.Add(new(isSpot, request.Gpus, asked, t) { End = t + (int)request.Term.TotalMinutes });
                }
            }
            earned += leases.Sum(lease => lease.Gpus * lease.Steps / 10_000.0 / 60);
        }
        return (rate, earned, reclaims);
    }

    private sealed record BruteLease(bool IsSpot, int Gpus, int Steps, int Start)
    {
        public int End { get; set; }

        public bool InNotice { get; set; }
    }
}
