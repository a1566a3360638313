using DynamicSurplus.Leasing;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A quote, or why there is none: exactly one of the first two and <see cref="Limit"/> is given.</summary>
/// <param name="Lease">
/// The lease in state Held, as it stands; or its refusal, where the key was another request's.
/// </param>
/// <param name="Entry">The rate that the quote was made at.</param>
public sealed record QuoteAnswer(LeaseOutcome? Lease, MatchRefusal? Refusal, RateEntry? Entry)
{
    /// <summary>The tenant's limit that has no room for it.</summary>
    public HoldRefusal? Limit { get; init; }
}
