using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>
/// Finds the fleets that can serve a request: all GPUs in one of them, never another tier, never another class of work.
/// </summary>
public static class FleetMatcher
{
    public const int MostAlternatives = 3;

    /// <summary>
    /// The fleets that meet everything, cheapest first, then by interruption probability, then by id.
    /// </summary>
    /// <param name="request">One without <see cref="LeaseRequest.Validate"/> errors.</param>
    /// <param name="offers">Of all fleets, closed and stale ones too, in any order.</param>
    public static FleetMatch Match(LeaseRequest request, IReadOnlyList<FleetOffer> offers, TickLength tickLength)
    {
        var workload =
            request.WorkloadClass
            ?? offers.FirstOrDefault(offer => offer.Fleet.Id == request.Fleet)?.Fleet.Attributes.WorkloadClass
            ?? WorkloadClass.Model;
        var longTerm = TermLimits.IsLongTerm(request.Tier, request.Term, tickLength);
        MatchRule[] rules =
        [
            .. MatchRules.Constraints(request, offers),
            MatchRules.Class(workload),
            MatchRules.Term(request, tickLength),
            MatchRules.Floor(request),
            MatchRules.Open,
            MatchRules.Fresh,
            MatchRules.Rate(request),
            MatchRules.Gpus(request, longTerm),
        ];
        var left = offers;
        foreach (var rule in rules)
        {
            var meeting = left.Where(rule.IsMetBy).ToArray();
            if (meeting.Length == 0)
            {
                var (problem, fix) = rule.Explain(left);
                var alternatives = Alternatives(request, workload, offers, rules, tickLength);
                var serving = rule.Code is MatchRefusalCode.RateAboveMax or MatchRefusalCode.NotEnoughGpus
                    ? BestFirst(left, request).First()
                    : null;
                return new([], serving, new(rule.Code, rule.Field, problem, fix, alternatives));
            }
            left = meeting;
        }
        FleetOffer[] candidates = [.. BestFirst(left, request)];
        return new(candidates, candidates[0], Refusal: null);
    }

    private static IOrderedEnumerable<FleetOffer> BestFirst(IEnumerable<FleetOffer> offers, LeaseRequest request) =>
        offers
            .OrderBy(offer => offer.RateFor(request))
            .ThenBy(offer => offer.InterruptionProbability)
            .ThenBy(offer => offer.Fleet.Id);

    /// <summary>Those that leave the fewest rules unmet; among them the most of the GPUs, then the best.</summary>
    private static MatchAlternative[] Alternatives(
        LeaseRequest request,
        WorkloadClass workload,
        IReadOnlyList<FleetOffer> offers,
        MatchRule[] rules,
        TickLength tickLength
    ) =>
        [
            .. BestFirst(offers, request)
                .Where(offer => offer.Fleet.IsOpen && !offer.IsStale)
                .Where(offer => offer.Fleet.Attributes.WorkloadClass == workload)
                .Select(offer => (Offer: offer, Instead: Instead(request, offer, tickLength)))
                .Where(option => option.Instead.Gpus > 0)
                .OrderBy(option => rules.Count(rule => !rule.IsMetBy(option.Offer)))
                .ThenByDescending(option => Math.Min(option.Instead.Gpus, request.Gpus))
                .Select(option => option.Instead)
                .Take(MostAlternatives),
        ];

    private static MatchAlternative Instead(LeaseRequest request, FleetOffer offer, TickLength tickLength)
    {
        var fleet = offer.Fleet;
        var limits = TermLimits.Of(fleet.Policy, request.Tier, tickLength);
        var longTerm = TermLimits.IsLongTerm(request.Tier, limits.Nearest(request.Term), tickLength);
        var gpus = offer.GpusFor(request.Tier, longTerm);
        return new(fleet.Id, fleet.Sku, fleet.Region, gpus, offer.RateFor(request), limits);
    }
}
