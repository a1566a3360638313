using DynamicSurplus.Engine;
using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;
using DynamicSurplus.Telemetry;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Pricing;

/// <summary>
/// How far one tenant moves the rate by asking for what it never takes, on the real pricing cycle, against a market of
/// many whose demand has the elasticity that the policy believes in.
/// </summary>
public sealed class PriceLeverTests
{
    private const int Hour = 60;
    private const double Week = 7 * 24 * 60;

    /// <summary>What docs/security.md promises: |Δ ln rate| of one tenant's asking, in an hour and for good.</summary>
    private const double MostMoved = 0.10;

    private static readonly double Share = new EngineOptions().TenantShare;

    /// <summary>What a tenant asks for in a tick, GPU-ticks a request, by the tick of the attack.</summary>
    public static TheoryData<string> Attacks => [.. Lever.Attacks.Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Tenant_that_only_asks_moves_the_rate_by_less_than_a_tenth(string attack)
    {
        var (calm, attacked) = (Lever.Settled(), Lever.Settled());
        var most = 0.0;

        for (var tick = 0; tick < 20 * Hour; tick++)
        {
            calm.Tick([]);
            attacked.Tick(Lever.Attacks[attack](tick), Share);
            most = Math.Max(most, Math.Abs(attacked.LogRate - calm.LogRate));
        }

        most.ShouldBeInRange(0.005, MostMoved);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Without_the_rule_the_same_asking_moves_it_as_fast_as_it_can_move(string attack)
    {
        var (calm, attacked) = (Lever.Settled(), Lever.Settled());

        for (var tick = 0; tick < Hour; tick++)
        {
            calm.Tick([]);
            attacked.Tick(Lever.Attacks[attack](tick), share: 1);
        }

        (attacked.LogRate - calm.LogRate).ShouldBeGreaterThan(2 * MostMoved);
    }

    [Fact]
    public void Market_of_many_counts_in_full_whether_it_is_served_or_not()
    {
        var (free, ruled) = (Lever.Settled(), Lever.Settled());

        for (var tick = 0; tick < 4 * Hour; tick++)
        {
            // Demand doubles at once, all of it by honest tenants, and what is on sale does not.
            free.Tick([], share: 1, demand: 2);
            ruled.Tick([], Share, demand: 2);
        }

        ruled.LogRate.ShouldBe(free.LogRate);
        (ruled.LogRate - Lever.Settled().LogRate).ShouldBeGreaterThan(0.15);
    }

    [Fact]
    public void Demand_is_remembered_through_hours_without_a_slice()
    {
        var (free, ruled) = (Lever.Settled(), Lever.Settled());

        foreach (var running in Enumerable.Repeat(Lever.Capacity, 6 * Hour).Concat(Enumerable.Repeat(50.0, 2 * Hour)))
        {
            free.Tick([], share: 1, running: running);
            ruled.Tick([], Share, running: running);
        }

        ruled.LogRate.ShouldBe(free.LogRate, 0.02);
    }

    [Fact]
    public void One_request_of_an_ordinary_size_counts_in_full()
    {
        var loads = new TenantLoads();
        var tick = new Tick(1_785_585_600);

        // 8 GPUs for an hour, where 50 are on sale.
        loads.Count(Example.FleetA, Example.Tenant, 480, tick, TickLength.Default, Share * 50).ShouldBe(480);
    }

    [Fact]
    public void Load_is_worked_off_by_time_and_counts_for_one_fleet_and_tenant()
    {
        var loads = new TenantLoads();
        var tick = new Tick(1_785_585_600);
        double Count(double offered, int later = 0, string tenant = "acme", string fleet = "fleet-a") =>
            loads.Count(
                FleetId.Parse(fleet),
                TenantId.Parse(tenant),
                offered,
                tick.Plus(later, TickLength.Default),
                TickLength.Default,
                allowed: 10
            );

        Count(1e12).ShouldBe(600);
        Count(1).ShouldBe(0);
        Count(100, tenant: "globex").ShouldBe(100);
        Count(100, fleet: "fleet-b").ShouldBe(100);
        Count(100, later: 3).ShouldBe(30);
        Count(1e12, later: 63).ShouldBe(600);
        loads.ForgetBefore(tick.Plus(63, TickLength.Default));
        loads.All.Keys.ShouldBe([(Example.FleetA, Example.Tenant)]);
    }

    /// <summary>A fleet of 100 GPUs, 50 of them on sale, and forty tenants who want them.</summary>
    private sealed class Lever
    {
        public const double Capacity = 100;

        private const int Tenants = 40;
        private static readonly FleetId Fleet = FleetId.Parse("alpha");
        private static readonly TenantId Attacker = TenantId.Parse("attacker");
        private static readonly Fleet Policy = new(
            Fleet,
            "eu",
            "H100",
            "main",
            "platform",
            new(),
            FleetPolicy.Under(Rate.FromUsd(3.25m)) with
            {
                EpsilonSpot = 1,
            },
            Revision: 1
        );

        /// <summary>Demand in GPUs at 1 USD: the slice clears near 2 USD, between monopoly rate and ceiling.</summary>
        private const double Interest = 44 * 8;

        private readonly ShardState _state = new(TickLength.Default);
        private readonly PricingCycle _cycle = new(new ReferenceRiskModel());
        private Tick _tick = new(1_785_585_600);
        private long _requests;

        private Lever() => _state.Adopt([Policy]);

        public static Dictionary<string, Func<int, IEnumerable<double>>> Attacks { get; } =
            new(StringComparer.Ordinal)
            {
                ["all that may be held, for a week, and let lapse"] = _ => Enumerable.Repeat(32 * Week, 32),
                ["absurd numbers of GPUs"] = _ => [1_000_000 * Week],
                ["one absurd request and no more"] = tick => tick == 0 ? [1_000_000 * Week] : [],
                ["thousands of small requests, each with a key of its own"] = _ => Enumerable.Repeat(5.0, 2_000),
                ["a burst an hour"] = tick => tick % Hour == 0 ? [1_000_000 * Week] : [],
            };

        public double LogRate => _state.Pricing.LogRate[0];

        public static Lever Settled()
        {
            var lever = new Lever();
            for (var tick = 0; tick < 40 * Hour; tick++)
            {
                lever.Tick([]);
            }
            return lever;
        }

        /// <param name="attack">Offered loads of one more tenant.</param>
        /// <param name="demand">Of the others, times what it was.</param>
        public void Tick(IEnumerable<double> attack, double? share = null, double demand = 1, double running = 50)
        {
            _tick = _tick.Plus(1, TickLength.Default);
            _state.Telemetry.Fold(0, new Sample(Fleet, _tick.Start, Capacity, running, Queued: 0));
            var wanted = demand * Interest * Math.Exp(-Policy.Policy.Elasticity * LogRate) / Tenants;
            for (var tenant = 0; tenant < Tenants; tenant++)
            {
                Offer(TenantId.Parse($"tenant-{tenant}"), wanted);
            }
            foreach (var offered in attack)
            {
                Offer(Attacker, offered);
            }
            var all = TimeSpan.FromDays(1);
            _cycle.Run(_state, _tick, _tick.Start, new(all, all)).ShouldBeTrue();
            _state.ForgetRequestsBefore(_tick);

            void Offer(TenantId tenant, double offered) =>
                _state.Offer(Fleet, tenant, $"{_requests++}", offered, share ?? Share, _tick, watchUntil: 0);
        }
    }
}
