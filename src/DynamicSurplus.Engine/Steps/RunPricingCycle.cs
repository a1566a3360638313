using System.Diagnostics;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Telemetry;
using Microsoft.Extensions.Logging;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// One tick of one shard, from the inbox to the rate book: fold telemetry and requests, price, save the state (the one
/// write that decides), publish what follows from it, clear what was folded, reclaim.
/// </summary>
/// <remarks>
/// A crash before the save repeats the tick; a crash after it repeats only what is idempotent: folding telemetry again
/// changes nothing, requests that were folded are remembered, book and record are made of the state alone.
/// </remarks>
public sealed partial class RunPricingCycle(
    IFleetDirectory directory,
    ITelemetryInbox inbox,
    IRequestLog requests,
    IShardStore store,
    IDisplacedBooks displaced,
    ICapacityBooks books,
    IReclaimWaves waves,
    WarnLeases warn,
    ManageFleets manage,
    RateBooks rates,
    PricingCycle cycle,
    EngineClock clock,
    EngineOptions options,
    ILogger<RunPricingCycle> logger
) : IDisposable
{
    /// <summary>Inbox entries folded in one cycle at most; what is left waits for the next.</summary>
    private const int MostEntries = 4096;
    private const int ReadsAtOnce = 16;

    private readonly Slot[] _slots = [.. Enumerable.Range(0, options.ShardCount).Select(_ => new Slot())];

    /// <summary>
    /// How long a fleet's capacity book is read after its last sign of life: no request takes longer to become a hold.
    /// </summary>
    private TimeSpan WatchFor => (15 * options.TickLength.Span) + (2 * options.RequestLife);

    /// <returns>False where the tick has run already, here or in another instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The installation has no such shard.</exception>
    public async Task<bool> RunAsync(int shard, CancellationToken cancellationToken)
    {
        if (shard < 0 || shard >= _slots.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(shard),
                shard,
                $"Shards are 0 to {_slots.Length - 1}; the number is a setting fixed at the first start."
            );
        }
        var slot = _slots[shard];
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            var (tick, now) = (clock.Tick, clock.UtcNow);
            // Where another instance ran the last tick, the copy kept here is old: once more, on what that one saved.
            return await TryRunAsync(shard, tick, now, cancellationToken)
                ?? await TryRunAsync(shard, tick, now, cancellationToken)
                ?? false;
        }
        catch
        {
            // The copy may be at a tick that was never saved: a second try would take it for priced.
            slot.Copy = null;
            throw;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    /// <returns>Null where another instance has saved the shard since this one did.</returns>
    private async Task<bool?> TryRunAsync(int shard, Tick tick, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var slot = _slots[shard];
        var copy = slot.Copy ??= await LoadAsync(shard, cancellationToken);
        var state = copy.State;
        if (tick <= state.LastTick)
        {
            return false;
        }
        await AdoptFleetsAsync(shard, state, cancellationToken);
        var entries = await FoldTelemetryAsync(shard, state, cancellationToken);
        var seen = await FoldRequestsAsync(shard, state, tick, now, cancellationToken);
        var watched = await ReadBooksAsync(state, now, cancellationToken);
        if (!cycle.Run(state, tick, now, new(options.FreezeAfter, options.RefuseAfter)))
        {
            return false;
        }
        var version = await store.TrySaveStateAsync(
            shard,
            ShardStateCodec.Write(state),
            copy.Version,
            cancellationToken
        );
        if (version is null)
        {
            slot.Copy = null;
            AnotherWon(shard, tick);
            return null;
        }
        slot.Copy = copy with { Version = version };
        await PublishAsync(shard, state, cancellationToken);
        await inbox.DeleteAsync(shard, entries, cancellationToken);
        await requests.DeleteAsync(shard, seen, cancellationToken);
        await FollowUpAsync(state, watched, cancellationToken);
        await manage.RemoveDrainedAsync(shard, cancellationToken);
        EngineMetrics.Ticks.Add(1);
        EngineMetrics.StaleFleets.Record(
            state.Own.Stale.AsSpan(0, state.Count).Count(true),
            new KeyValuePair<string, object?>("shard", shard)
        );
        EngineMetrics.CycleSeconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        return true;
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }
    }

    /// <summary>Takes the shard up where it was left, and publishes what a crash may have kept back.</summary>
    private async Task<ShardCopy> LoadAsync(int shard, CancellationToken cancellationToken)
    {
        var stored = await store.LoadStateAsync(shard, cancellationToken);
        if (stored is null)
        {
            return new(new ShardState(options.TickLength), null);
        }
        var state = ShardStateCodec.Read(stored.Value);
        await PublishAsync(shard, state, cancellationToken);
        state.Length = options.TickLength;
        return new(state, stored.Version);
    }

    private async Task PublishAsync(int shard, ShardState state, CancellationToken cancellationToken)
    {
        var book = state.Book();
        var record = store.AppendRecordAsync(
            shard,
            state.LastTick,
            TickRecordCodec.Write(state, book),
            cancellationToken
        );
        await store.PutBookAsync(shard, RateBookCodec.Write(book), cancellationToken);
        await record;
        if (state.Displaced is { Period: { } period, IsEmpty: false } month)
        {
            await displaced.PutAsync(shard, period, state.LastTick, DisplacedBookCodec.Write(month), cancellationToken);
        }
        rates.Published(shard, book);
    }

    private async Task AdoptFleetsAsync(int shard, ShardState state, CancellationToken cancellationToken)
    {
        var stamp = await directory.StampAsync(shard, cancellationToken);
        if (stamp != state.Stamp)
        {
            var fleets = await directory.ListAsync(shard, cancellationToken);
            state.Adopt([.. fleets.Select(fleet => fleet.Value)]);
            state.Stamp = stamp;
        }
    }

    private async Task<IReadOnlyList<string>> FoldTelemetryAsync(
        int shard,
        ShardState state,
        CancellationToken cancellationToken
    )
    {
        var entries = await inbox.ListAsync(shard, MostEntries, cancellationToken);
        foreach (var group in entries.Chunk(ReadsAtOnce))
        {
            var batches = await Task.WhenAll(group.Select(entry => inbox.ReadAsync(shard, entry, cancellationToken)));
            foreach (var (entry, batch) in group.Zip(batches))
            {
                if (batch is not null)
                {
                    Fold(_slots[shard].Batch, state, entry, batch.Value.Span);
                }
            }
        }
        return entries;
    }

    /// <summary>A batch that cannot be read is reported and dropped: it must not stop the shard's prices.</summary>
    private void Fold(SampleColumns columns, ShardState state, string entry, ReadOnlySpan<byte> batch)
    {
        try
        {
            InboxCodec.Decode(batch, columns);
            state.Fold(columns);
        }
        catch (InvalidDataException exception)
        {
            BatchUnreadable(entry, exception);
        }
    }

    private async Task<IReadOnlyList<SeenRequest>> FoldRequestsAsync(
        int shard,
        ShardState state,
        Tick tick,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var seen = await requests.ListAsync(shard, tick, cancellationToken);
        var watchUntil = (now + WatchFor).ToUnixTimeSeconds();
        foreach (var request in seen)
        {
            var (fleet, tenant, offered) = (request.Fleet, request.Tenant, request.OfferedGpuTicks);
            state.Offer(fleet, tenant, request.Key, offered, options.TenantShare, tick, watchUntil);
        }
        state.TenantLoads.ForgetBefore(tick.Plus(-TermLimits.HorizonTicks, options.TickLength));
        state.ForgetRequestsBefore(tick.Plus(-15, options.TickLength));
        return seen;
    }

    private async Task<IReadOnlyList<Watched>> ReadBooksAsync(
        ShardState state,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var places = Enumerable
            .Range(0, state.Count)
            .Where(place => state.Own.WatchUntil[place] >= now.ToUnixTimeSeconds());
        var watched = new List<Watched>();
        foreach (var group in places.Chunk(ReadsAtOnce))
        {
            var fleets = Array.ConvertAll(group, place => state.Index.Fleets[place]);
            var read = await Task.WhenAll(fleets.Select(fleet => books.ReadAsync(fleet, cancellationToken)));
            foreach (var (place, (book, _)) in group.Zip(read))
            {
                var watchUntil = book.Taken > 0 ? (now + WatchFor).ToUnixTimeSeconds() : (long?)null;
                watched.Add(new(book, state.Pricing.Capacity[place], Cushion(state, place)));
                state.SetLeases(place, book, watchUntil);
            }
        }
        return watched;
    }

    private async Task FollowUpAsync(
        ShardState state,
        IReadOnlyList<Watched> watched,
        CancellationToken cancellationToken
    )
    {
        foreach (var (book, capacityBefore, cushionBefore) in watched)
        {
            var place = state.Index.IndexOf(book.Fleet);
            if (place < 0)
            {
                continue;
            }
            double capacity = state.Pricing.Capacity[place];
            if (capacity < book.ActiveFirm)
            {
                EngineMetrics.FirmShortages.Add(1);
                FirmShortage(book.Fleet, capacity, book.ActiveFirm);
            }
            var now = new Shortage(capacity, state.Pricing.Demand[place], state.Pricing.Wall[place], capacityBefore);
            if (ReclaimCapacity.IsNeeded(book, now))
            {
                await waves.BeginAsync(book.Fleet, now, cancellationToken);
            }
            await warn.RunAsync(book.Fleet, cushionBefore, Cushion(state, place), cancellationToken);
        }
    }

    /// <summary>GPUs left of a fleet beside its owner's demand and everything leased.</summary>
    private static double Cushion(ShardState state, int place) =>
        SurplusSlice.Free(state.Pricing.Demand[place], state.Pricing.Capacity[place], state.Pricing.Wall[place])
        - state.Own.Leased[place];

    [LoggerMessage(
        LogLevel.Information,
        "Shard {Shard}: another instance has saved it since; at tick {Tick} this one loads it afresh."
    )]
    private partial void AnotherWon(int shard, Tick tick);

    [LoggerMessage(LogLevel.Error, "Inbox entry {Entry} cannot be read and is dropped.")]
    private partial void BatchUnreadable(string entry, Exception exception);

    [LoggerMessage(LogLevel.Error, "Fleet {Fleet}: {Capacity} GPUs run, {Firm} are leased as firm.")]
    private partial void FirmShortage(FleetId fleet, double capacity, int firm);

    private sealed record ShardCopy(ShardState State, string? Version);

    /// <summary>One shard in this process: one cycle at a time, and what the last one left.</summary>
    private sealed class Slot : IDisposable
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public SampleColumns Batch { get; } = new();

        public ShardCopy? Copy { get; set; }

        public void Dispose() => Gate.Dispose();
    }

    /// <summary>As of the tick before.</summary>
    private sealed record Watched(CapacityBook Book, double CapacityBefore, double CushionBefore);
}
