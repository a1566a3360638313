using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;

namespace DynamicSurplus.Engine.Steps;

/// <summary>What every fleet would sell to a request now.</summary>
public sealed class FleetOffers(FleetCatalog catalog, RateBooks rates, ICapacityBooks books, EngineClock clock)
{
    /// <summary>
    /// Fleets whose capacity books are read for one request, the cheapest first. What others have sold is taken from
    /// the rate book, a tick old: good enough to name an alternative.
    /// </summary>
    private const int MostBooks = 32;

    public async Task<IReadOnlyDictionary<FleetId, PricedOffer>> ForAsync(
        LeaseRequest request,
        CancellationToken cancellationToken
    )
    {
        var fleets = await catalog.GetAsync(cancellationToken);
        if (request.Fleet is { } named && fleets.Find(named) is null)
        {
            fleets = await catalog.GetForUnknownAsync(cancellationToken);
        }
        var priced = new List<(Fleet Fleet, RateEntry? Entry)>(fleets.Count);
        foreach (var fleet in fleets.All)
        {
            priced.Add((fleet.Value, await rates.FindAsync(fleet.Value.Id, cancellationToken)));
        }
        var wanted = priced
            .Where(p => p.Entry is not null && IsWanted(request, p.Fleet))
            .OrderBy(p => p.Entry!.Value.Spot)
            .Take(MostBooks)
            .Select(p => p.Fleet.Id);
        var now = clock.UtcNow;
        var read = await Task.WhenAll(
            wanted.Select(async id => (await books.ReadAsync(id, cancellationToken)).Book.At(now))
        );
        var sold = read.ToDictionary(book => book.Fleet);
        return priced.ToDictionary(
            p => p.Fleet.Id,
            p => Offer(request.Tier, request.Gpus, p.Fleet, p.Entry, sold.GetValueOrDefault(p.Fleet.Id))
        );
    }

    /// <summary>What a lease's fleet would sell it now, if it were another.</summary>
    /// <returns>Null where the fleet is gone, or has no rate yet.</returns>
    public async Task<(PricedOffer Priced, CapacityBook Book)?> ForAsync(
        Lease lease,
        CancellationToken cancellationToken
    )
    {
        var terms = lease.Terms!;
        var fleet = await catalog.FindAsync(terms.Fleet, cancellationToken);
        var entry = await rates.FindAsync(terms.Fleet, cancellationToken);
        if (fleet is null || entry is null)
        {
            return null;
        }
        var book = (await books.ReadAsync(terms.Fleet, cancellationToken)).Book.At(clock.UtcNow);
        return (Offer(terms.Tier, lease.Gpus, fleet, entry, book), book);
    }

    private static bool IsWanted(LeaseRequest request, Fleet fleet) =>
        request.Fleet is { } named
            ? named == fleet.Id
            : (request.Sku is null || request.Sku.Equals(fleet.Sku, StringComparison.OrdinalIgnoreCase))
                && (request.Region is null || request.Region.Equals(fleet.Region, StringComparison.OrdinalIgnoreCase));

    private static PricedOffer Offer(LeaseTier tier, int gpus, Fleet fleet, RateEntry? priced, CapacityBook? known)
    {
        if (priced is not { } entry)
        {
            // Registered a moment ago: the first tick prices it.
            var rate = fleet.Policy.Monopoly;
            var firm = rate.Times(fleet.Policy.FirmFactor, fleet.Policy.Ceiling);
            return new(new(fleet, rate, firm, 0, 0, 0, 0, IsStale: true), default);
        }
        var book = known ?? new CapacityBook(fleet.Id, ActiveSpot: entry.Leased);
        var interruption = tier == LeaseTier.Spot ? InterruptionOf(gpus, entry, book) : 0;
        var offer = new FleetOffer(
            fleet,
            entry.Spot,
            entry.Firm,
            Admission.Fitting(LeaseTier.Spot, longTerm: false, entry.Slice, book),
            Admission.Fitting(LeaseTier.Firm, longTerm: false, entry.Slice, book),
            fleet.Policy.WallEnforced ? Admission.Fitting(LeaseTier.Firm, longTerm: true, entry.Slice, book) : 0,
            interruption,
            entry.Stale
        );
        return new(offer, entry);
    }

    /// <summary>With the lease in place: what is left over yields first, then spot leases.</summary>
    private static double InterruptionOf(int gpus, RateEntry entry, CapacityBook book)
    {
        if (entry.Capacity <= 0)
        {
            return 0;
        }
        var free = entry.Capacity - entry.ProtectedDemand - book.Taken - gpus;
        var spot = book.ActiveSpot + book.HeldSpot + gpus;
        var hazard = Interruption.Hazard(book.ObservedInterruptions, book.PredictedInterruptions);
        return entry.Interruption(free / entry.Capacity, spot / entry.Capacity, hazard);
    }
}
