namespace DynamicSurplus.Leasing;

/// <summary>One thing that a request asks of a fleet.</summary>
/// <param name="Field">The request's field that asks it, by its name in the API.</param>
/// <param name="Explain">
/// The problem and the fix, given the fleets that meet all the rules before but not this one.
/// </param>
internal sealed record MatchRule(
    MatchRefusalCode Code,
    string Field,
    Func<FleetOffer, bool> IsMetBy,
    Func<IReadOnlyList<FleetOffer>, (string Problem, string Fix)> Explain
);
