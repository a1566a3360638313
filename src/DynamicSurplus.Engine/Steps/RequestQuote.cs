using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Engine.Steps;

/// <summary>From a request to a binding quote: match, count the demand, hold.</summary>
public sealed class RequestQuote(
    FleetOffers offers,
    IRequestLog requests,
    LeaseStreams streams,
    HoldLease hold,
    EngineClock clock,
    EngineOptions options
)
{
    /// <param name="request">Without <see cref="LeaseRequest.Validate"/> errors.</param>
    /// <param name="requestKey">The request's idempotency key: the lease's id is made of it and the tenant.</param>
    /// <param name="requestHash">Of the request's body.</param>
    /// <exception cref="ContendedException">Others were faster at every try: nothing is held.</exception>
    public async Task<QuoteAnswer> RunAsync(
        LeaseRequest request,
        string requestKey,
        string requestHash,
        CancellationToken cancellationToken
    )
    {
        var id = LeaseId.For(request.Tenant, requestKey);
        var (priced, match) = await MatchAsync(request, cancellationToken);
        Task? counted = null;
        if (match.Refusal is { } refusal)
        {
            await CountOnceAsync();
            // A try of this request that was cut off may itself hold what is missing now.
            var earlier = await streams.ReadAsync(id, cancellationToken);
            return string.Equals(earlier.Lease.RequestHash, requestHash, StringComparison.Ordinal)
                ? new(new(earlier, null), null, null)
                : new(null, refusal, null);
        }
        foreach (var candidate in match.Candidates)
        {
            var entry = priced[candidate.Fleet.Id].Entry;
            var held = await HoldAsync(
                id,
                request,
                requestHash,
                candidate,
                entry,
                // Where the first was taken by others the load counts there, and the one that serves is watched too.
                () => Task.WhenAll(CountOnceAsync(), WatchAsync(id, request, candidate, match, cancellationToken)),
                cancellationToken
            );
            switch (held.Reserve)
            {
                case ReserveOutcome.Reserved:
                    return new(held.Lease, null, entry);
                case ReserveOutcome.Spent:
                    return new(new(await streams.ReadAsync(id, cancellationToken), null), null, entry);
                case ReserveOutcome.OverLimit over:
                    return new(null, null, null) { Limit = over.Refusal };
                default:
                    // Somebody was faster; the next fleet may still have room.
                    continue;
            }
        }
        (_, match) = await MatchAsync(request, cancellationToken);
        return match.Refusal is { } gone
            ? new(null, gone, null)
            : throw new ContendedException("The GPUs that match are contended; try again.");

        Task CountOnceAsync() =>
            counted ??= match.Serving is { } serving
                ? CountAsync(id, request, serving, cancellationToken)
                : Task.CompletedTask;
    }

    private async Task<(IReadOnlyDictionary<FleetId, PricedOffer> Priced, FleetMatch Match)> MatchAsync(
        LeaseRequest request,
        CancellationToken cancellationToken
    )
    {
        var priced = await offers.ForAsync(request, cancellationToken);
        return (priced, FleetMatcher.Match(request, [.. priced.Values.Select(p => p.Offer)], options.TickLength));
    }

    /// <summary>
    /// Counts the request on the fleet that would serve it, admitted or not: its offered load where its bound covers
    /// the posted rate, nothing where it does not. The fleet's capacity book is then watched.
    /// </summary>
    private Task CountAsync(LeaseId id, LeaseRequest request, FleetOffer serving, CancellationToken cancellationToken)
    {
        var isPriced = request.MaxRate is not { } most || most >= serving.RateFor(request);
        var offered = isPriced ? request.Gpus * (request.Term / options.TickLength.Span) : 0;
        var fleet = serving.Fleet.Id;
        return requests.RecordAsync(
            fleet.Shard(options.ShardCount),
            new SeenRequest(clock.Tick, id.ToString(), fleet, offered, request.Tenant),
            cancellationToken
        );
    }

    /// <summary>Has a fleet's capacity book watched on which the request does not count.</summary>
    private Task WatchAsync(
        LeaseId id,
        LeaseRequest request,
        FleetOffer candidate,
        FleetMatch match,
        CancellationToken cancellationToken
    )
    {
        var fleet = candidate.Fleet.Id;
        return fleet == match.Serving?.Fleet.Id
            ? Task.CompletedTask
            : requests.RecordAsync(
                fleet.Shard(options.ShardCount),
                new SeenRequest(clock.Tick, $"{id}-{fleet}", fleet, OfferedGpuTicks: 0, request.Tenant),
                cancellationToken
            );
    }

    private async Task<HoldOutcome> HoldAsync(
        LeaseId id,
        LeaseRequest request,
        string requestHash,
        FleetOffer offer,
        RateEntry entry,
        Func<Task> count,
        CancellationToken cancellationToken
    )
    {
        var quoteLife = options.QuoteLife(offer.Fleet.Policy);
        var terms = LeaseTerms.Of(request, offer, entry.Tick, options.TickLength);
        // The wake-up that cleans up behind a crash comes when the quote has lapsed: by then no try may still be under
        // way.
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(quoteLife / options.Speed);
        return await hold.RunAsync(
            id,
            CommandId.From($"hold-{id}"),
            terms,
            quoteLife,
            requestHash,
            entry,
            count,
            bounded.Token
        );
    }
}
