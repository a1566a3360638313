using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class FleetMatcherTests
{
    private static readonly FleetOffer EuH100 = Offers.Of("eu-h100", "eu", "H100", spotUsd: 2.0m, gpus: 16);
    private static readonly FleetOffer UsH100 = Offers.Of("us-h100", "us", "H100", spotUsd: 1.8m, gpus: 8);
    private static readonly FleetOffer UsB200 = Offers.Of("us-b200", "us", "B200", spotUsd: 3.5m, gpus: 64);
    private static readonly FleetOffer EuMac = Offers.Of("eu-mac", "eu", "M4", spotUsd: 0.5m, gpus: 4) with
    {
        Fleet = Offers.Fleet("eu-mac", "eu", "M4") with { Attributes = new(WorkloadClass: WorkloadClass.Build) },
    };
    private static readonly FleetOffer[] All = [EuH100, UsH100, UsB200, EuMac];

    private static readonly LeaseRequest Ask = new(Given.Tenant, LeaseTier.Spot, Gpus: 4, TimeSpan.FromHours(1));

    [Fact]
    public void Candidates_come_cheapest_first()
    {
        var match = Match(Ask);

        match.Refusal.ShouldBeNull();
        Ids(match).ShouldBe(["us-h100", "eu-h100", "us-b200"]);
        match.Serving.ShouldBe(UsH100);
    }

    [Fact]
    public void Equal_rates_go_by_interruption_probability_and_then_by_id()
    {
        FleetOffer[] offers =
        [
            Offers.Of("c", "eu", "H100", 2, 8) with
            {
                InterruptionProbability = 0.2,
            },
            Offers.Of("b", "eu", "H100", 2, 8) with
            {
                InterruptionProbability = 0.1,
            },
            Offers.Of("a", "eu", "H100", 2, 8) with
            {
                InterruptionProbability = 0.2,
            },
        ];

        Ids(Match(Ask, offers)).ShouldBe(["b", "a", "c"]);
    }

    [Fact]
    public void Labels_match_whatever_their_case() =>
        Ids(Match(Ask with { Sku = "h100", Region = "EU" })).ShouldBe(["eu-h100"]);

    [Fact]
    public void Named_fleet_serves_its_own_class_where_none_is_stated() =>
        Ids(Match(Ask with { Fleet = EuMac.Fleet.Id })).ShouldBe(["eu-mac"]);

    [Fact]
    public void Firm_requests_look_at_firm_rates_and_firm_gpus()
    {
        var scarce = UsH100 with { FirmGpus = 2 };

        Ids(Match(Ask with { Tier = LeaseTier.Firm }, [scarce, EuH100])).ShouldBe(["eu-h100"]);
    }

    [Fact]
    public void Unknown_fleet_is_refused_for_good_with_the_nearest_others()
    {
        var refusal = Refused(Ask with { Fleet = FleetId.Parse("nowhere") }, MatchRefusalCode.UnknownFleet, "fleet");

        refusal.IsForNow.ShouldBeFalse();
        refusal.Problem.ShouldBe("there is no fleet 'nowhere'");
        refusal.Alternatives.Select(instead => instead.Fleet.ToString()).ShouldBe(["us-h100", "eu-h100", "us-b200"]);
    }

    [Fact]
    public void Unknown_sku_is_refused_with_the_known_ones()
    {
        var refusal = Refused(Ask with { Sku = "A100" }, MatchRefusalCode.UnknownSku, "sku");

        refusal.IsForNow.ShouldBeFalse();
        refusal.Fix.ShouldBe("ask for one of: B200, H100, M4");
    }

    [Theory]
    [InlineData("sku")]
    [InlineData("region")]
    [InlineData("residency")]
    [InlineData("interconnect")]
    [InlineData("orchestration")]
    public void Constraint_that_no_fleet_meets_is_named(string field)
    {
        var request = field switch
        {
            "sku" => Ask with { Fleet = EuH100.Fleet.Id, Sku = "B200" },
            "region" => Ask with { Sku = "B200", Region = "eu" },
            "residency" => Ask with { Residency = "eu" },
            "interconnect" => Ask with { Interconnect = "nvlink" },
            _ => Ask with { Orchestration = "slurm" },
        };

        Refused(request, MatchRefusalCode.NoSuchFleet, field).IsForNow.ShouldBeFalse();
    }

    [Fact]
    public void Unmet_constraint_says_what_the_other_fleets_have() =>
        Refused(Ask with { Sku = "H100", Region = "asia" }, MatchRefusalCode.NoSuchFleet, "region")
            .Fix.ShouldBe("leave it out, or ask for one of: eu, us");

    [Fact]
    public void Build_request_never_lands_on_a_gpu_cluster_and_hears_which_class_fits()
    {
        var build = Ask with { WorkloadClass = WorkloadClass.Build, Sku = "H100" };

        var refusal = Refused(build, MatchRefusalCode.WorkloadClass, "workloadClass");

        refusal.Problem.ShouldBe("these fleets serve model work, not build work");
        refusal.Fix.ShouldContain("'model'");
        refusal.Alternatives.Select(instead => instead.Fleet.ToString()).ShouldBe(["eu-mac"]);
    }

    [Fact]
    public void Model_request_never_lands_on_developer_nodes()
    {
        var refusal = Refused(Ask with { Sku = "M4" }, MatchRefusalCode.WorkloadClass, "workloadClass");

        refusal.Problem.ShouldBe("these fleets serve build work, not model work");
        refusal.Alternatives.ShouldAllBe(instead => instead.Fleet != EuMac.Fleet.Id);
    }

    [Theory]
    [InlineData(LeaseTier.Spot, 299, "give 300 to 604800 s")]
    [InlineData(LeaseTier.Spot, 604_801, "give 300 to 604800 s")]
    [InlineData(LeaseTier.Firm, 3_601, "give 300 to 3600 s")]
    public void Term_beyond_the_limits_is_refused_with_them(LeaseTier tier, int seconds, string fix)
    {
        var request = Ask with { Tier = tier, Term = TimeSpan.FromSeconds(seconds) };

        Refused(request, MatchRefusalCode.TermOutOfRange, "termSeconds").Fix.ShouldBe(fix);
    }

    [Fact]
    public void Long_firm_term_needs_an_enforced_wall_and_its_long_term_gpus()
    {
        var longFirm = Ask with { Tier = LeaseTier.Firm, Term = TimeSpan.FromHours(2) };
        var walled = EuH100 with
        {
            Fleet = EuH100.Fleet with { Policy = EuH100.Fleet.Policy with { WallEnforced = true } },
            LongFirmGpus = 4,
        };

        Ids(Match(longFirm, [UsH100, walled])).ShouldBe(["eu-h100"]);
        Match(longFirm with { Gpus = 5 }, [UsH100, walled]).Refusal!.Code.ShouldBe(MatchRefusalCode.NotEnoughGpus);
    }

    [Fact]
    public void Bound_below_every_floor_can_never_be_met()
    {
        var refusal = Refused(Ask with { MaxRate = Rate.FromUsd(0.1m) }, MatchRefusalCode.MaxRateBelowFloor, "maxRate");

        refusal.IsForNow.ShouldBeFalse();
        refusal.Fix.ShouldBe("give at least 0.5000 USD per GPU-hour, or leave it out");
    }

    [Fact]
    public void Firm_floor_is_the_spot_floor_times_the_firm_factor()
    {
        var firm = Ask with { Tier = LeaseTier.Firm, MaxRate = Rate.FromUsd(0.6m) };

        Refused(firm, MatchRefusalCode.MaxRateBelowFloor, "maxRate").Fix.ShouldContain("0.6250");
    }

    [Fact]
    public void Rate_above_the_bound_still_has_a_fleet_that_would_serve()
    {
        var match = Match(Ask with { MaxRate = Rate.FromUsd(1.7m) });

        match.Refusal!.Code.ShouldBe(MatchRefusalCode.RateAboveMax);
        match.Refusal.IsForNow.ShouldBeTrue();
        match.Refusal.Problem.ShouldBe("the spot rate is 1.8000 now, above the bound of 1.7000");
        match.Serving.ShouldBe(UsH100);
        match.Candidates.ShouldBeEmpty();
    }

    [Fact]
    public void Bound_at_the_rate_is_met() => Ids(Match(Ask with { MaxRate = UsH100.SpotRate })).ShouldBe(["us-h100"]);

    [Fact]
    public void Gpus_come_from_one_fleet_and_what_there_is_is_told()
    {
        var match = Match(Ask with { Sku = "H100", Gpus = 24 });

        match.Refusal!.Code.ShouldBe(MatchRefusalCode.NotEnoughGpus);
        match.Refusal.IsForNow.ShouldBeTrue();
        match.Refusal.Fix.ShouldBe("ask for at most 16, or try again later");
        match.Serving.ShouldBe(UsH100);
        match.Refusal.Alternatives.ShouldBe([
            new(UsB200.Fleet.Id, "B200", "us", 64, UsB200.SpotRate, SpotLimits),
            new(EuH100.Fleet.Id, "H100", "eu", 16, EuH100.SpotRate, SpotLimits),
            new(UsH100.Fleet.Id, "H100", "us", 8, UsH100.SpotRate, SpotLimits),
        ]);
    }

    [Fact]
    public void Sold_out_fleets_are_no_alternative()
    {
        FleetOffer[] offers = [EuH100 with { SpotGpus = 0 }];

        var refusal = Match(Ask, offers).Refusal!;

        refusal.Fix.ShouldBe("try again later");
        refusal.Alternatives.ShouldBeEmpty();
    }

    [Fact]
    public void Paused_and_draining_fleets_sell_nothing_and_count_no_demand()
    {
        FleetOffer[] offers =
        [
            EuH100 with
            {
                Fleet = EuH100.Fleet with { Paused = true },
            },
            UsH100 with
            {
                Fleet = UsH100.Fleet with { Draining = true },
            },
        ];

        var match = Match(Ask, offers);

        match.Refusal!.Code.ShouldBe(MatchRefusalCode.Closed);
        match.Refusal.IsForNow.ShouldBeTrue();
        match.Refusal.Problem.ShouldBe("eu-h100, us-h100: paused or draining, no new leases");
        match.Serving.ShouldBeNull();
    }

    [Fact]
    public void Stale_fleets_sell_nothing()
    {
        var match = Match(Ask, [EuH100 with { IsStale = true }]);

        match.Refusal!.Code.ShouldBe(MatchRefusalCode.Stale);
        match.Refusal.IsForNow.ShouldBeTrue();
        match.Serving.ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_found_where_there_is_no_fleet() =>
        Match(Ask with { Sku = "H100" }, []).Refusal!.Problem.ShouldBe("there is no fleet yet");

    private static TermLimits SpotLimits => new(TimeSpan.FromMinutes(5), TimeSpan.FromDays(7));

    private static FleetMatch Match(LeaseRequest request, FleetOffer[]? offers = null) =>
        FleetMatcher.Match(request, offers ?? All, TickLength.Default);

    private static MatchRefusal Refused(LeaseRequest request, MatchRefusalCode code, string field)
    {
        var match = Match(request);
        match.Candidates.ShouldBeEmpty();
        match.Refusal.ShouldNotBeNull().Code.ShouldBe(code);
        match.Refusal.Field.ShouldBe(field);
        return match.Refusal;
    }

    private static IEnumerable<string> Ids(FleetMatch match) =>
        match.Candidates.Select(offer => offer.Fleet.Id.ToString());
}
