using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Leasing;

/// <summary>
/// What a renewal comes to now: the lease is admitted in its own place as a new one of the same GPUs would be, at the
/// rate and under the limits of this moment.
/// </summary>
/// <param name="Rate">Of the next term.</param>
/// <param name="EndsAtLatest">The last instant that can be promised now.</param>
/// <param name="Refusal">In words; null: it can be renewed.</param>
public sealed record Renewal(Rate Rate, DateTimeOffset EndsAtLatest, string? Refusal = null)
{
    public static readonly Renewal Impossible = new(default, default, "The fleet has no rate now.");

    /// <param name="lease">One that runs.</param>
    /// <param name="offer">Its fleet's; null: the fleet is gone, or has no rate.</param>
    /// <param name="slice">The fleet's at <paramref name="pricedIn"/>.</param>
    /// <param name="book">The fleet's as of now, with this lease in it.</param>
    public static Renewal Of(
        Lease lease,
        FleetOffer? offer,
        SurplusSlice slice,
        CapacityBook book,
        Tick pricedIn,
        DateTimeOffset now,
        TickLength tickLength
    )
    {
        var terms = lease.Terms!;
        if (offer is null)
        {
            return Impossible;
        }
        var policy = offer.Fleet.Policy;
        var isShortFirm = terms is { Tier: LeaseTier.Firm, LongTerm: false };
        var latest = isShortFirm
            ? pricedIn.Start + TermLimits.Horizon(tickLength)
            : now + TimeSpan.FromSeconds(policy.SpotTermMaxSeconds);
        var rate = offer.RateFor(terms.Tier, terms.Notice);
        var others = Without(book, lease);
        var refusal =
            !offer.Fleet.IsOpen ? "The fleet takes no leases now."
            : offer.IsStale ? "The fleet's telemetry is too old for leases."
            : Admission.Admits(terms.Tier, lease.Gpus, terms.LongTerm, slice, others) is { } full
                ? $"The fleet has {full.FittingGpus} GPUs for it past its term, not {lease.Gpus}."
            : null;
        return new(rate, latest, refusal);
    }

    /// <summary>What asks it of the lease.</summary>
    /// <param name="term">Null: as long as the first.</param>
    public LeaseCommand.Renew Command(Lease lease, CommandId id, DateTimeOffset at, Tick tick, TimeSpan? term = null) =>
        new(id, at, tick, term ?? lease.Terms!.Term, Rate, EndsAtLatest);

    private static CapacityBook Without(CapacityBook book, Lease lease) =>
        lease.Terms!.Tier == LeaseTier.Spot
            ? book with
            {
                ActiveSpot = book.ActiveSpot - lease.Gpus,
            }
            : book with
            {
                ActiveFirm = book.ActiveFirm - lease.Gpus,
                LongFirm = book.LongFirm - (lease.Terms.LongTerm ? lease.Gpus : 0),
            };
}
