using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class LeaseTermsTests
{
    private static readonly TickLength Minute = TickLength.Default;

    private static readonly LeaseRequest Ask = new(
        Given.Tenant,
        LeaseTier.Spot,
        Gpus: 4,
        TimeSpan.FromHours(1),
        MaxRate: Rate.FromUsd(3)
    );

    private static readonly FleetOffer Offer = Offers.Of("eu-mac", "eu", "M4", spotUsd: 2, gpus: 8) with
    {
        Fleet = Offers.Fleet("eu-mac", "eu", "M4") with { Attributes = new(WorkloadClass: WorkloadClass.Build) },
        InterruptionProbability = 0.07,
    };

    [Fact]
    public void Spot_terms_are_the_request_at_the_fleets_spot_rate() =>
        LeaseTerms
            .Of(Ask, Offer, Given.Tick, Minute)
            .ShouldBe(
                new(
                    Given.Tenant,
                    Offer.Fleet.Id,
                    LeaseTier.Spot,
                    Gpus: 4,
                    Term: TimeSpan.FromHours(1),
                    Rate: Rate.FromUsd(2),
                    MaxRate: Rate.FromUsd(3),
                    Notice: TimeSpan.FromSeconds(120),
                    MinimumRun: TimeSpan.FromSeconds(600),
                    GrantTimeout: TimeSpan.FromSeconds(600),
                    InterruptionProbability: 0.07,
                    WorkloadClass: WorkloadClass.Build,
                    ReclaimCoolDown: TimeSpan.FromSeconds(600),
                    Sku: "M4",
                    Region: "eu"
                )
            );

    [Fact]
    public void Firm_terms_end_at_the_horizon_of_the_tick_that_admits_them()
    {
        var terms = LeaseTerms.Of(Ask with { Tier = LeaseTier.Firm }, Offer, Given.Tick, Minute);

        terms.Rate.ShouldBe(Rate.FromUsd(2.5m));
        terms.EndsAtLatest.ShouldBe(Given.Tick.Start + TimeSpan.FromMinutes(60));
        terms.LongTerm.ShouldBeFalse();
        terms.InterruptionProbability.ShouldBe(0);
    }

    [Fact]
    public void Firm_terms_past_the_horizon_are_long_term_and_end_with_their_term()
    {
        var ask = Ask with { Tier = LeaseTier.Firm, Term = TimeSpan.FromSeconds(3601) };

        var terms = LeaseTerms.Of(ask, Offer, Given.Tick, Minute);

        terms.LongTerm.ShouldBeTrue();
        terms.EndFor(Given.At(5)).ShouldBe(Given.At(5 + 3601));
    }

    [Theory]
    [InlineData(LeaseTier.Spot, false, 300, 604_800)]
    [InlineData(LeaseTier.Spot, true, 300, 604_800)]
    [InlineData(LeaseTier.Firm, false, 300, 600)]
    [InlineData(LeaseTier.Firm, true, 300, 604_800)]
    public void Limits_follow_policy_and_horizon(LeaseTier tier, bool isWalled, int least, int most) =>
        TermLimits
            .Of(Offer.Fleet.Policy with { WallEnforced = isWalled }, tier, TickLength.FromSeconds(10))
            .ShouldBe(new(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most)));

    [Fact]
    public void Least_term_above_the_horizon_leaves_a_firm_lease_the_horizon()
    {
        var policy = Offer.Fleet.Policy with { TermMinSeconds = 7200 };

        TermLimits.Of(policy, LeaseTier.Firm, Minute).ShouldBe(new(TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(60)));
    }
}
