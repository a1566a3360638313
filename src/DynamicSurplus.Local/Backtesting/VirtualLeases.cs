using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>
/// Drives one fleet's leases on a virtual clock, in memory: it waits, relays commands to the decider and does what the
/// events ask for, at the same instant. Machines and notices are always there at once.
/// </summary>
/// <remarks>
/// Nothing is delivered twice here. A settled lease is remembered as long as its tombstone would be, for corrections.
/// </remarks>
/// <param name="renewals">
/// What a renewal of a lease comes to at a tick; null: its fleet has no rate, and no lease is renewed by itself.
/// </param>
/// <param name="journal">
/// Told of every event, with its place in the chain of hashes; null: the chain, which takes time, is left out.
/// </param>
public sealed class VirtualLeases(
    FleetId fleet,
    TickLength length,
    TimeSpan quoteLife,
    TimeSpan lapseGrace,
    Action<LeaseEventEnvelope>? journal = null,
    Func<Lease, Tick, Renewal>? renewals = null
)
{
    private readonly Dictionary<LeaseId, Driven> _live = [];
    private readonly PriorityQueue<LeaseId, (DateTimeOffset At, long Order)> _wakes = new();
    private long _requests;
    private long _scheduled;
    private Tick _now = Tick.None;

    private IEnumerable<Driven> Running => _live.Values.Where(driven => driven.ForgetAt is null);

    public CapacityBook Book { get; private set; } = new(fleet);

    /// <summary>Leases that were granted.</summary>
    public long Admitted { get; private set; }

    /// <summary>Leases whose GPUs were asked back.</summary>
    public long Reclaimed { get; private set; }

    public long Settled { get; private set; }

    /// <summary>Sum of the settled leases' amounts.</summary>
    public MicroUsd Revenue { get; private set; }

    /// <summary>GPU-seconds of the settled leases.</summary>
    public long BilledGpuSeconds { get; private set; }

    /// <summary>The reservations that the book adds up.</summary>
    public IEnumerable<Reservation> Reservations => Running.Select(driven => driven.Reservation);

    /// <summary>Holds, accepts and grants at once.</summary>
    /// <param name="terms">Such as the fleet's slice has room for, at <paramref name="tick"/>.</param>
    public void Lease(LeaseTerms terms, Tick tick)
    {
        var id = LeaseId.For(terms.Tenant, $"request-{_requests++}");
        var expiresAt = tick.Start + quoteLife;
        var lapsesAt = expiresAt + lapseGrace;
        Hold(id, new(Id("hold"), tick.Start, tick, terms, expiresAt, lapsesAt, id.ToString()));
        Require(_live[id], new LeaseCommand.Accept(Id("accept"), tick.Start, tick));
    }

    /// <summary>Holds GPUs for a quote; it lapses unless it is accepted.</summary>
    public void Hold(LeaseId id, LeaseCommand.Hold hold)
    {
        (_now, var terms) = (hold.CausingTick, hold.Terms);
        var reservation = Reservation.Of(id, terms, hold.CausingTick);
        Book = CapacityLedger.Hold(Book, before: null, reservation)!.Book;
        var driven = new Driven(Leasing.Lease.None(id), reservation);
        _live.Add(id, driven);
        _wakes.Enqueue(id, (hold.LapsesAt, _scheduled++));
        Require(driven, hold);
    }

    /// <summary>What somebody wants of a lease; nothing comes of it where the lease is forgotten.</summary>
    /// <returns>Null where it was done, or nothing was to be done.</returns>
    public LeaseRefusal? Command(LeaseId id, LeaseCommand command)
    {
        _now = command.CausingTick;
        return _live.TryGetValue(id, out var driven) ? Relay(driven, command) : null;
    }

    /// <summary>Lets time pass: terms and notices that are over by this tick end, as of their instants.</summary>
    public void WakeAt(Tick tick)
    {
        _now = tick;
        while (_wakes.TryPeek(out var id, out var due) && due.At <= tick.Start)
        {
            _wakes.Dequeue();
            if (!_live.TryGetValue(id, out var driven))
            {
                continue;
            }
            if (driven.ForgetAt <= tick.Start)
            {
                _live.Remove(id);
            }
            else if (driven.Lease.NextWake is not null)
            {
                var command = Id($"wake-{due.At.ToUnixTimeMilliseconds()}");
                Require(driven, new LeaseCommand.Wake(command, tick.Start, tick));
                if (driven.Lease.RenewalDueAt <= tick.Start)
                {
                    Renew(driven, tick);
                }
            }
        }
    }

    /// <summary>Gives notice to whom internal demand needs to yield.</summary>
    /// <param name="capacity">GPUs.</param>
    /// <param name="demand">Internal GPUs running and queued.</param>
    /// <param name="wall">The enforced wall; 1 where none is.</param>
    /// <param name="notice">In the fleet's policy.</param>
    public void Reclaim(Tick tick, double capacity, double demand, double wall, TimeSpan notice)
    {
        _now = tick;
        var need = ReclaimNeed.Of(
            capacity,
            demand,
            wall,
            Book.ActiveFirm + Book.HeldFirm,
            Book.ActiveSpot + Book.HeldSpot
        );
        if (need == 0)
        {
            return;
        }
        var active = _live
            .Values.Where(driven => ReclaimCandidate.IsEligible(driven.Reservation, tick.Start))
            .OrderBy(driven => driven.Reservation.Lease)
            .ToArray();
        var candidates = Array.ConvertAll(
            active,
            driven => ReclaimCandidate.Of(driven.Reservation, notice, tick.Start)
        );
        foreach (var (index, gpus) in ReclaimSelection.Select(candidates, need))
        {
            Require(
                active[index],
                new LeaseCommand.Reclaim(Id($"reclaim-{tick}"), tick.Start, tick, ReclaimReason.InternalDemand, gpus)
            );
        }
        // A fleet that promises no notice has its GPUs back at once.
        WakeAt(tick);
    }

    /// <summary>Ends and settles whatever still runs.</summary>
    public void EndAll(Tick tick)
    {
        WakeAt(tick);
        foreach (var driven in Running.OrderBy(driven => driven.Reservation.Lease).ToArray())
        {
            Require(driven, new LeaseCommand.End(Id("end"), tick.Start, tick));
        }
    }

    private void Renew(Driven driven, Tick tick)
    {
        var lease = driven.Lease;
        var ending = lease.EndsAt!.Value.ToUnixTimeMilliseconds();
        var renewal = renewals?.Invoke(lease, tick) ?? Renewal.Impossible;
        var refusal = renewal.Refusal;
        if (refusal is null)
        {
            var renew = renewal.Command(lease, Id($"renew-{ending}"), tick.Start, tick);
            refusal = Relay(driven, renew)?.Detail;
        }
        if (refusal is not null)
        {
            Require(driven, new LeaseCommand.DeclineRenewal(Id($"renew-not-{ending}"), tick.Start, tick, refusal));
        }
    }

    private static CommandId Id(string text) => CommandId.From(text);

    /// <summary>Of commands that only a fault in here can have refused.</summary>
    private void Require(Driven driven, LeaseCommand command)
    {
        if (Relay(driven, command) is { } refusal)
        {
            throw new InvalidOperationException(
                $"Lease {driven.Lease.Id} refused {command.GetType().Name}: {refusal.Detail}"
            );
        }
    }

    private LeaseRefusal? Relay(Driven driven, LeaseCommand command)
    {
        var decision = LeaseDecider.Decide(command, driven.Lease);
        var effects = new List<(long Version, int Index, LeaseEffect Effect)>();
        foreach (var happened in decision.Events)
        {
            var envelope = new LeaseEventEnvelope(
                driven.Lease.Id,
                driven.Lease.Version + 1,
                LeaseEventEnvelope.CurrentSchemaVersion,
                command.Id,
                command.CausingTick,
                driven.LastHash,
                happened
            );
            if (journal is not null)
            {
                driven.LastHash = LeaseEventJson.Hash(LeaseEventJson.Write(envelope).Span);
                journal(envelope);
            }
            driven.Lease = LeaseDecider.Evolve(driven.Lease, envelope);
            Count(driven.Lease, happened);
            var reactions = LeaseDecider.React(driven.Lease, happened);
            effects.AddRange(reactions.Select((effect, index) => (envelope.Version, index, effect)));
        }
        foreach (var (version, index, effect) in effects)
        {
            Perform(driven, effect, version, Id($"effect-{version}-{index}"));
        }
        return decision.Refusal;
    }

    private void Count(Lease lease, LeaseEvent happened)
    {
        switch (happened)
        {
            case LeaseEvent.Granted:
                Admitted++;
                break;
            case LeaseEvent.ReclaimDecided { Drill: null }:
                Reclaimed++;
                break;
            case LeaseEvent.Settled settled:
                Settled++;
                Revenue += settled.Amount;
                BilledGpuSeconds += lease.BilledGpuSeconds;
                break;
        }
    }

    private void Perform(Driven driven, LeaseEffect effect, long version, CommandId command)
    {
        switch (effect)
        {
            case LeaseEffect.ScheduleWake wake:
                _wakes.Enqueue(driven.Lease.Id, (wake.At, _scheduled++));
                break;
            case LeaseEffect.Grant:
                Require(driven, new LeaseCommand.ConfirmGrant(command, _now.Start, _now));
                break;
            case LeaseEffect.Notify:
                Require(driven, new LeaseCommand.ConfirmNotice(command, _now.Start, _now));
                break;
            case LeaseEffect.Settle:
                Require(driven, new LeaseCommand.Settle(command, _now.Start, _now));
                break;
            case LeaseEffect.MoveReservation move:
                if (CapacityLedger.Move(Book, driven.Reservation, move, version, length) is { } moved)
                {
                    (Book, driven.Reservation) = (moved.Book, moved.Reservation);
                }
                break;
            case LeaseEffect.ForgetReservation forget:
                driven.ForgetAt = forget.NotBefore;
                break;
            case LeaseEffect.Revoke or LeaseEffect.Resize or LeaseEffect.RefreshView or LeaseEffect.Publish:
                break;
            default:
                throw new InvalidOperationException($"No way to perform {effect.GetType().Name}.");
        }
    }

    private sealed class Driven(Lease lease, Reservation reservation)
    {
        public Lease Lease { get; set; } = lease;

        public string LastHash { get; set; } = LeaseEventEnvelope.NoHash;

        public Reservation Reservation { get; set; } = reservation;

        public DateTimeOffset? ForgetAt { get; set; }
    }
}
