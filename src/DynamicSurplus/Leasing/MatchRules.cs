using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Leasing;

/// <summary>All that a request asks of a fleet, from what never changes to what changes by the tick.</summary>
internal static class MatchRules
{
    private const int MostListed = 8;

    /// <summary>Where and what the GPUs are.</summary>
    public static IEnumerable<MatchRule> Constraints(LeaseRequest request, IReadOnlyList<FleetOffer> all)
    {
        if (request.Fleet is { } id)
        {
            yield return new(
                MatchRefusalCode.UnknownFleet,
                "fleet",
                offer => offer.Fleet.Id == id,
                _ => ($"there is no fleet '{id}'", "name a fleet that exists, or describe one by its sku and region")
            );
        }
        if (all.Count == 0)
        {
            yield return new(
                MatchRefusalCode.NoSuchFleet,
                "fleet",
                _ => false,
                _ => ("there is no fleet yet", "try again when an operator has registered one")
            );
        }
        if (request.Sku is { } sku && !all.Any(offer => Same(offer.Fleet.Sku, sku)))
        {
            yield return new(
                MatchRefusalCode.UnknownSku,
                "sku",
                _ => false,
                _ => ($"no fleet has GPUs of SKU '{sku}'", $"ask for one of: {List(all, offer => offer.Fleet.Sku)}")
            );
        }
        (string Field, string? Wanted, Func<Fleet, string?> Label)[] labels =
        [
            ("sku", request.Sku, fleet => fleet.Sku),
            ("region", request.Region, fleet => fleet.Region),
            ("residency", request.Residency, fleet => fleet.Attributes.Residency),
            ("interconnect", request.Interconnect, fleet => fleet.Attributes.Interconnect),
            ("orchestration", request.Orchestration, fleet => fleet.Attributes.Orchestration),
        ];
        foreach (var (field, wanted, label) in labels.Where(asked => asked.Wanted is not null))
        {
            yield return new(
                MatchRefusalCode.NoSuchFleet,
                field,
                offer => Same(label(offer.Fleet), wanted),
                left =>
                    (
                        $"no fleet with {field} '{wanted}' meets the rest of the request",
                        List(left, offer => label(offer.Fleet)) is { Length: > 0 } known
                            ? $"leave it out, or ask for one of: {known}"
                            : "leave it out"
                    )
            );
        }
    }

    public static MatchRule Class(WorkloadClass wanted) =>
        new(
            MatchRefusalCode.WorkloadClass,
            "workloadClass",
            offer => offer.Fleet.Attributes.WorkloadClass == wanted,
            _ =>
                wanted == WorkloadClass.Model
                    ? (
                        "these fleets serve build work, not model work",
                        "ask for workloadClass 'build', or for other fleets"
                    )
                    : (
                        "these fleets serve model work, not build work",
                        "ask for workloadClass 'model', or for other fleets"
                    )
        );

    public static MatchRule Term(LeaseRequest request, TickLength tickLength) =>
        new(
            MatchRefusalCode.TermOutOfRange,
            "termSeconds",
            offer => TermLimits.Of(offer.Fleet.Policy, request.Tier, tickLength).Allow(request.Term),
            left =>
            {
                var nearest = left.Select(offer => TermLimits.Of(offer.Fleet.Policy, request.Tier, tickLength))
                    .OrderBy(limits => (limits.Nearest(request.Term) - request.Term).Duration())
                    .ThenByDescending(limits => limits.Most)
                    .ThenBy(limits => limits.Least)
                    .First();
                return (
                    $"{request.Term.TotalSeconds} s is no {Word(request.Tier)} term here",
                    $"give {nearest.Least.TotalSeconds} to {nearest.Most.TotalSeconds} s"
                );
            }
        );

    public static MatchRule Floor(LeaseRequest request) =>
        new(
            MatchRefusalCode.MaxRateBelowFloor,
            "maxRate",
            offer => !(request.MaxRate < offer.LeastRateFor(request)),
            left =>
            {
                var least = left.Min(offer => offer.LeastRateFor(request));
                return (
                    $"{request.MaxRate} is below {least}, the least that the {Word(request.Tier)} rate can be",
                    $"give at least {least} USD per GPU-hour, or leave it out"
                );
            }
        );

    public static MatchRule Open { get; } =
        new(
            MatchRefusalCode.Closed,
            "fleet",
            offer => offer.Fleet.IsOpen,
            left =>
                (
                    $"{List(left, offer => offer.Fleet.Id.ToString())}: paused or draining, no new leases",
                    "try again later, or ask for another fleet"
                )
        );

    public static MatchRule Fresh { get; } =
        new(
            MatchRefusalCode.Stale,
            "fleet",
            offer => !offer.IsStale,
            left =>
                (
                    $"{List(left, offer => offer.Fleet.Id.ToString())}: telemetry is too old for new leases",
                    "try again later, or ask for another fleet"
                )
        );

    public static MatchRule Rate(LeaseRequest request) =>
        new(
            MatchRefusalCode.RateAboveMax,
            "maxRate",
            offer => !(offer.RateFor(request) > request.MaxRate),
            left =>
            {
                var least = left.Min(offer => offer.RateFor(request));
                return (
                    $"the {Word(request.Tier)} rate is {least} now, above the bound of {request.MaxRate}",
                    $"raise maxRate to {least} USD per GPU-hour, or try again later"
                );
            }
        );

    public static MatchRule Gpus(LeaseRequest request, bool longTerm) =>
        new(
            MatchRefusalCode.NotEnoughGpus,
            "gpus",
            offer => offer.GpusFor(request.Tier, longTerm) >= request.Gpus,
            left =>
            {
                var most = Math.Max(0, left.Max(offer => offer.GpusFor(request.Tier, longTerm)));
                return (
                    $"{request.Gpus} {Word(request.Tier)} GPUs of one fleet are asked for, {most} are free now",
                    most > 0 ? $"ask for at most {most}, or try again later" : "try again later"
                );
            }
        );

    private static string Word(LeaseTier tier) => tier == LeaseTier.Spot ? "spot" : "firm";

    private static bool Same(string? label, string? wanted) =>
        string.Equals(label, wanted, StringComparison.OrdinalIgnoreCase);

    private static string List(IEnumerable<FleetOffer> offers, Func<FleetOffer, string?> label) =>
        string.Join(
            ", ",
            offers
                .Select(label)
                .OfType<string>()
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.Ordinal)
                .Take(MostListed)
        );
}
