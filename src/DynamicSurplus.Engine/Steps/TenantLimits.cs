using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Counts what each tenant's live quotes hold, and refuses what is past its limits: strict, for the list is changed by
/// compare-and-set, by any number of instances.
/// </summary>
/// <remarks>
/// A hold is taken before its GPUs are reserved and freed after its quote was accepted, so that a crash between the two
/// leaves a hold that counts and is not there, never the other way round; it stops counting when the quote would have
/// lapsed. Requests of one tenant that meet in this process are written together, and what was written last is the
/// next one's first guess: a take costs one write.
/// </remarks>
public sealed partial class TenantLimits(
    ITenantHolds holds,
    EngineClock clock,
    EngineOptions options,
    ILogger<TenantLimits> logger
)
{
    private const int Tries = 12;

    /// <summary>Tenants whose lists are remembered; past it all are read once more.</summary>
    private const int MostTenants = 4_096;

    private readonly ConcurrentDictionary<TenantId, Line> _lines = new();

    /// <summary>Counts a hold, if the limits have room. One that is counted already may only last longer.</summary>
    /// <exception cref="ContendedException">The list changed at every try.</exception>
    public async Task<HoldTaking> TakeAsync(
        TenantId tenant,
        LeaseId lease,
        int gpus,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var wish = new Wish(new(lease, gpus, RoundedUp(until)));
        await GrantAsync(tenant, wish, cancellationToken);
        var taking = wish.Taking!;
        if (taking.Refusal is { } refusal)
        {
            EngineMetrics.LimitedHolds.Add(1, new KeyValuePair<string, object?>("limit", refusal.Limit.ToString()));
        }
        return taking;
    }

    /// <summary>
    /// The hold counts no more: it was accepted, given up, or never made. Where that cannot be written, its time does
    /// it, and nobody need hear of it.
    /// </summary>
    public async Task FreeAsync(TenantId tenant, LeaseId lease, CancellationToken cancellationToken)
    {
        try
        {
            await GrantAsync(tenant, new Wish(new(lease, 0, default)) { IsFree = true }, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotFreed(lease, failure);
        }
    }

    private static DateTimeOffset RoundedUp(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds());

    /// <summary>Waits in line; whoever comes first writes for all who wait.</summary>
    private async Task GrantAsync(TenantId tenant, Wish wish, CancellationToken cancellationToken)
    {
        if (_lines.Count > MostTenants)
        {
            _lines.Clear(); // two lines of one tenant only meet in storage, as two instances do
        }
        var line = _lines.GetOrAdd(tenant, static _ => new());
        line.Join(wish);
        try
        {
            await line.Gate.WaitAsync(cancellationToken);
            try
            {
                if (wish.Taking is null)
                {
                    await WriteAsync(tenant, line, cancellationToken);
                }
            }
            finally
            {
                line.Gate.Release();
            }
        }
        finally
        {
            line.Leave(wish);
        }
    }

    private async Task WriteAsync(TenantId tenant, Line line, CancellationToken cancellationToken)
    {
        var wishes = line.Waiting();
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var isGuess = line.Known is not null;
            var (list, version) = line.Known ??= await holds.ReadAsync(tenant, cancellationToken);
            var (next, takings) = Decide(list, wishes);
            var isRefused = takings.Any(taking => taking.Refusal is not null);
            if (isRefused && isGuess)
            {
                line.Known = null; // another instance may have freed what is missing
                continue;
            }
            line.Known =
                ReferenceEquals(next, list) ? (list, version)
                : await holds.TryWriteAsync(tenant, next, version, cancellationToken) is { } written ? (next, written)
                : null;
            if (line.Known is not null)
            {
                foreach (var (wish, taking) in wishes.Zip(takings))
                {
                    wish.Taking = taking;
                }
                return;
            }
            await Backoff.AfterAsync(attempt, cancellationToken);
        }
        throw new ContendedException($"The live quotes of {tenant} changed at each of {Tries} tries; try again.");
    }

    /// <summary>Pure but for the clock: each wish in turn, on what those before it left.</summary>
    /// <returns>The same list where nothing changes.</returns>
    private (IReadOnlyList<TenantHold> Next, IReadOnlyList<HoldTaking> Takings) Decide(
        IReadOnlyList<TenantHold> list,
        IReadOnlyList<Wish> wishes
    )
    {
        var now = clock.UtcNow;
        var live = list.Where(hold => hold.Until > now).ToList();
        var takings = new List<HoldTaking>(wishes.Count);
        var isChanged = false;
        foreach (var wish in wishes)
        {
            var known = live.FindIndex(hold => hold.Lease == wish.Hold.Lease);
            var refusal = known < 0 && !wish.IsFree ? RefusalOf(live, wish.Hold) : null;
            takings.Add(new(IsNew: known < 0, refusal));
            if (refusal is not null || (wish.IsFree && known < 0))
            {
                continue;
            }
            isChanged |= known < 0 || wish.IsFree || live[known].Until < wish.Hold.Until;
            var counted = known < 0 ? wish.Hold : live[known];
            live.RemoveAll(hold => hold.Lease == wish.Hold.Lease);
            if (!wish.IsFree)
            {
                live.Add(counted with { Until = counted.Until > wish.Hold.Until ? counted.Until : wish.Hold.Until });
            }
        }
        return (isChanged ? live : list, takings);
    }

    private HoldRefusal? RefusalOf(List<TenantHold> live, TenantHold wanted)
    {
        if (live.Count >= options.LiveQuotes)
        {
            // One more than are too many must lapse.
            var freesAt = live.Select(hold => hold.Until).Order().ElementAt(live.Count - options.LiveQuotes);
            return new(HoldLimit.LiveQuotes, options.LiveQuotes, live.Count, freesAt);
        }
        var taken = live.Sum(hold => hold.Gpus);
        if (taken + wanted.Gpus <= options.HeldGpus)
        {
            return null;
        }
        var left = taken;
        var frees = live.OrderBy(hold => hold.Until)
            .Where(hold => (left -= hold.Gpus) + wanted.Gpus <= options.HeldGpus)
            .Select(hold => (DateTimeOffset?)hold.Until)
            .FirstOrDefault();
        return new(HoldLimit.HeldGpus, options.HeldGpus, taken, frees);
    }

    [LoggerMessage(LogLevel.Warning, "The hold of lease {Lease} could not be freed and counts until it lapses.")]
    private partial void NotFreed(LeaseId lease, Exception failure);

    /// <summary>One request's; answered when <see cref="Taking"/> is there.</summary>
    private sealed class Wish(TenantHold hold)
    {
        public TenantHold Hold { get; } = hold;

        public bool IsFree { get; init; }

        public HoldTaking? Taking { get; set; }
    }

    /// <summary>A tenant's requests in this process.</summary>
    [SuppressMessage(
        "Design",
        "CA1001",
        Justification = "A semaphore whose wait handle nobody asks for holds nothing, and lines are just forgotten."
    )]
    private sealed class Line
    {
        private readonly Lock _gate = new();
        private readonly List<Wish> _waiting = [];

        /// <summary>Whose turn it is; everything below is that one's alone.</summary>
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public (IReadOnlyList<TenantHold> Holds, string? Version)? Known { get; set; }

        public void Join(Wish wish)
        {
            lock (_gate)
            {
                _waiting.Add(wish);
            }
        }

        public void Leave(Wish wish)
        {
            lock (_gate)
            {
                _waiting.Remove(wish);
            }
        }

        public IReadOnlyList<Wish> Waiting()
        {
            lock (_gate)
            {
                return [.. _waiting.Where(wish => wish.Taking is null)];
            }
        }
    }
}
