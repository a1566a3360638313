using System.Collections.Concurrent;
using CsCheck;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class FleetMatcherPropertyTests
{
    private static readonly TickLength TickLength = TickLength.Default;

    private static readonly Gen<FleetOffer> Offer =
        from labels in Gen.Select(Gen.OneOf("eu", "us"), Gen.OneOf("H100", "H200"))
        from attributes in Gen.Select(Gen.OneOf(null, "nvlink"), Gen.OneOf(null, "slurm"), Gen.OneOf(null, "eu"))
        from build in Gen.Int[0, 3]
        from rateSteps in Gen.Int[0, 5]
        from gpus in Gen.Select(Gen.Int[-1, 12], Gen.Int[-1, 12], Gen.Int[-1, 12])
        from probability in Gen.Int[0, 2]
        from isStale in Gen.Int[0, 7]
        from isPaused in Gen.Int[0, 7]
        from isWalled in Gen.Bool
        let fleet = Offers.Fleet("fleet", labels.Item1, labels.Item2)
        select Offers.Of("fleet", labels.Item1, labels.Item2, 0.5m + (0.1m * rateSteps), gpus: 0) with
        {
            Fleet = fleet with
            {
                Attributes = new(
                    attributes.Item1,
                    attributes.Item2,
                    attributes.Item3,
                    build == 0 ? WorkloadClass.Build : WorkloadClass.Model
                ),
                Policy = fleet.Policy with { WallEnforced = isWalled },
                Paused = isPaused == 0,
            },
            SpotGpus = gpus.Item1,
            FirmGpus = gpus.Item2,
            LongFirmGpus = isWalled ? gpus.Item3 : 0,
            InterruptionProbability = probability / 10.0,
            IsStale = isStale == 0,
        };

    private static readonly Gen<FleetOffer[]> AnyOffers = Offer
        .Array[0, 12]
        .Select(offers =>
            offers
                .Select((offer, n) => offer with { Fleet = offer.Fleet with { Id = FleetId.Parse($"fleet-{n}") } })
                .ToArray()
        );

    private static readonly Gen<LeaseRequest> Request =
        from firm in Gen.Bool
        from gpus in Gen.Int[1, 12]
        from termSeconds in Gen.OneOf(120, 300, 3600, 7200, 604_801)
        from maxRateSteps in Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[4_000, 15_000]))
        from fleet in Gen.Int[-20, 12]
        from labels in Gen.Select(Gen.OneOf(null, null, "eu", "US"), Gen.OneOf(null, null, "H100", "A100"))
        from attributes in Gen.Select(
            Gen.OneOf(null, null, null, "nvlink"),
            Gen.OneOf(null, null, null, "slurm"),
            Gen.OneOf(null, null, null, "eu")
        )
        from workload in Gen.OneOf<WorkloadClass?>(null, WorkloadClass.Model, WorkloadClass.Build)
        select new LeaseRequest(
            Given.Tenant,
            firm ? LeaseTier.Firm : LeaseTier.Spot,
            gpus,
            TimeSpan.FromSeconds(termSeconds),
            maxRateSteps == 0 ? null : Rate.FromSteps(maxRateSteps),
            fleet < 0 ? null : FleetId.Parse($"fleet-{fleet}"),
            Region: labels.Item1,
            Sku: labels.Item2,
            Interconnect: attributes.Item1,
            Orchestration: attributes.Item2,
            Residency: attributes.Item3,
            WorkloadClass: workload
        );

    [Fact]
    public void Candidates_are_exactly_the_fleets_that_meet_everything() =>
        Sample(
            (request, offers, match) =>
            {
                match.Candidates.ShouldBe(offers.Where(offer => Fits(request, offer)), ignoreOrder: true);
                (match.Refusal is null).ShouldBe(match.Candidates.Count > 0);
            }
        );

    [Fact]
    public void Candidates_are_in_order_of_rate_probability_and_id() =>
        Sample(
            (request, _, match) =>
                match.Candidates.ShouldBe(
                    match
                        .Candidates.OrderBy(offer => IsFirm(request) ? offer.FirmRate : offer.SpotRate)
                        .ThenBy(offer => offer.InterruptionProbability)
                        .ThenBy(offer => offer.Fleet.Id.ToString(), StringComparer.Ordinal)
                )
        );

    [Fact]
    public void Order_of_the_offers_does_not_matter() =>
        Sample(
            (request, offers, match) =>
            {
                var other = FleetMatcher.Match(request, [.. offers.Reverse()], TickLength);

                other.Candidates.ShouldBe(match.Candidates);
                other.Serving.ShouldBe(match.Serving);
                other.Refusal?.Alternatives.ShouldBe(match.Refusal!.Alternatives);
                (other.Refusal is null ? null : other.Refusal with { Alternatives = [] }).ShouldBe(
                    match.Refusal is null ? null : match.Refusal with { Alternatives = [] }
                );
            }
        );

    [Fact]
    public void Alternatives_are_of_the_same_tier_and_class_and_can_be_had_now() =>
        Sample(
            (request, offers, match) =>
            {
                foreach (var instead in match.Refusal?.Alternatives ?? [])
                {
                    var offer = offers.Single(offer => offer.Fleet.Id == instead.Fleet);
                    var most = IsFirm(request) ? Math.Max(offer.FirmGpus, offer.LongFirmGpus) : offer.SpotGpus;

                    instead.Rate.ShouldBe(IsFirm(request) ? offer.FirmRate : offer.SpotRate);
                    instead.Gpus.ShouldBeInRange(1, most);
                    offer.Fleet.Attributes.WorkloadClass.ShouldBe(Class(request, offers));
                    (offer.Fleet.IsOpen && !offer.IsStale).ShouldBeTrue();
                    Fits(request, offer).ShouldBeFalse();
                }
            }
        );

    [Fact]
    public void Alternative_that_is_taken_up_as_it_stands_is_served() =>
        Sample(
            (request, offers, match) =>
            {
                foreach (var instead in match.Refusal?.Alternatives ?? [])
                {
                    var taken = new LeaseRequest(
                        request.Tenant,
                        request.Tier,
                        instead.Gpus,
                        instead.Terms.Nearest(request.Term),
                        instead.Rate,
                        instead.Fleet
                    );

                    FleetMatcher.Match(taken, offers, TickLength).Serving!.Fleet.Id.ShouldBe(instead.Fleet);
                }
            }
        );

    [Fact]
    public void Demand_counts_where_it_would_be_served_but_for_rate_and_gpus() =>
        Sample(
            (request, offers, match) =>
            {
                if (match.Serving is { } serving)
                {
                    var free = serving with { SpotGpus = 12, FirmGpus = 12, LongFirmGpus = 12 };
                    Fits(request with { MaxRate = null }, free).ShouldBeTrue();
                }
                var isDemand =
                    match.Refusal is null
                    || match.Refusal.Code is MatchRefusalCode.RateAboveMax or MatchRefusalCode.NotEnoughGpus;
                (match.Serving is not null).ShouldBe(isDemand);
            }
        );

    [Fact]
    public void Requests_meet_every_refusal()
    {
        var seen = new ConcurrentDictionary<MatchRefusalCode, bool>();
        Sample((_, _, match) => seen[match.Refusal?.Code ?? default] = true);

        seen.Keys.ShouldBe(Enum.GetValues<MatchRefusalCode>(), ignoreOrder: true);
    }

    private static void Sample(Action<LeaseRequest, FleetOffer[], FleetMatch> check) =>
        Gen.Select(Request, AnyOffers)
            .Sample(
                (request, offers) => check(request, offers, FleetMatcher.Match(request, offers, TickLength)),
                iter: 5_000
            );

    private static bool IsFirm(LeaseRequest request) => request.Tier == LeaseTier.Firm;

    private static WorkloadClass Class(LeaseRequest request, FleetOffer[] offers) =>
        request.WorkloadClass
        ?? offers.SingleOrDefault(offer => offer.Fleet.Id == request.Fleet)?.Fleet.Attributes.WorkloadClass
        ?? WorkloadClass.Model;

    /// <summary>The whole rule in one sentence, said otherwise than the matcher says it.</summary>
    private static bool Fits(LeaseRequest request, FleetOffer offer)
    {
        var (fleet, attributes) = (offer.Fleet, offer.Fleet.Attributes);
        var seconds = request.Term.TotalSeconds;
        var isLong = IsFirm(request) && seconds > 3600;
        var rate = IsFirm(request) ? offer.FirmRate : offer.SpotRate;
        var gpus =
            isLong ? offer.LongFirmGpus
            : IsFirm(request) ? offer.FirmGpus
            : offer.SpotGpus;
        return (request.Fleet is null || request.Fleet == fleet.Id)
            && Wants(request.Sku, fleet.Sku)
            && Wants(request.Region, fleet.Region)
            && Wants(request.Residency, attributes.Residency)
            && Wants(request.Interconnect, attributes.Interconnect)
            && Wants(request.Orchestration, attributes.Orchestration)
            && attributes.WorkloadClass
                == (request.WorkloadClass ?? (request.Fleet is null ? WorkloadClass.Model : attributes.WorkloadClass))
            && seconds >= 300
            && seconds <= 604_800
            && (!isLong || fleet.Policy.WallEnforced)
            && !fleet.Paused
            && !offer.IsStale
            && (request.MaxRate is null || rate <= request.MaxRate)
            && request.Gpus <= gpus;
    }

    private static bool Wants(string? wanted, string? label) =>
        wanted is null || string.Equals(wanted, label, StringComparison.OrdinalIgnoreCase);
}
