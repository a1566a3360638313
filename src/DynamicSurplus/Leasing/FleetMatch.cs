namespace DynamicSurplus.Leasing;

/// <summary>The fleets that can serve a request now, or why none can.</summary>
/// <param name="Candidates">Best first; none where it is refused.</param>
/// <param name="Serving">
/// The fleet on which the request counts as demand: the first candidate; where it is refused for rate or GPUs alone,
/// the fleet that would be first otherwise; else null.
/// </param>
/// <param name="Refusal">Null exactly where there are candidates.</param>
public sealed record FleetMatch(IReadOnlyList<FleetOffer> Candidates, FleetOffer? Serving, MatchRefusal? Refusal);
