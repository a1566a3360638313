using System.Security.Cryptography;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Wire;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Risk;
using DynamicSurplus.Telemetry;
using Shouldly;

namespace DynamicSurplus.Tests.Backtesting;

/// <summary>
/// One busy fleet on a virtual clock: a market that asks for everything a lease can have, an owner who takes GPUs back
/// and loses some, customers who do whatever comes to their mind; and after every tick all that must always hold. All
/// of
/// it follows from the seed.
/// </summary>
internal sealed class VirtualMonth : IDisposable
{
    public const int MonthTicks = 30 * 24 * 60;

    private const int Healthy = 96;
    private const int OutageTicks = 45;
    private const double Left = 4;
    private static readonly EngineOptions Engine = new();
    private static readonly TickLength Length = TickLength.Default;
    private static readonly FleetPolicy Policy = FleetPolicy.Under(Rate.FromUsd(3.25m)) with
    {
        Wall = 0.8,
        WallEnforced = true,
    };
    private static readonly TimeSpan[] Notices = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    private readonly Fleet _fleet = new(Given.Fleet, "eu", "H100", "main", "platform", new(), Policy, Revision: 1);
    private readonly ShardState _state = new(Length);
    private readonly PricingCycle _cycle = new(new ReferenceRiskModel());
    private readonly SyntheticDemand _demand;
    private readonly SyntheticMarket _market;
    private readonly RandomStream _dice;
    private readonly VirtualLeases _leases;
    private readonly Dictionary<LeaseId, LeaseAccount> _accounts = [];
    private readonly HashSet<LeaseId> _live = [];
    private readonly List<LeaseId> _quotes = [];
    private readonly IncrementalHash _journal = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private RateEntry _entry;
    private int _outage;

    public VirtualMonth(int seed)
    {
        _state.Adopt([_fleet]);
        _demand = new(Given.Fleet, seed, new DemandShape(Healthy, MeanShare: 0.5, WallEnforced: true), Length);
        _market = new(Given.Fleet, seed, MarketLoad.Strong, Length);
        _dice = new((ulong)seed);
        _leases = new(Given.Fleet, Length, Engine.QuoteLife(Policy), Engine.LapseGrace, Record, RenewalOf);
    }

    /// <summary>How often each kind of event came.</summary>
    public Dictionary<string, int> Events { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs, settles everything, and checks the sums.</summary>
    /// <returns>A digest of all events, in their order.</returns>
    public string Run(int ticks)
    {
        var tick = Given.Start;
        for (var n = 0; n < ticks; n++)
        {
            Step(tick);
            RequireBooks();
            tick = tick.Plus(1, Length);
        }
        _leases.EndAll(tick);
        RequireBooks();
        _leases.Book.Taken.ShouldBe(0);
        _live.ShouldBeEmpty();
        _leases.Revenue.Value.ShouldBe(_accounts.Values.Sum(account => account.SettledMicroUsd));
        return Convert.ToHexStringLower(_journal.GetHashAndReset());
    }

    public void Dispose() => _journal.Dispose();

    private void Step(Tick tick)
    {
        _leases.WakeAt(tick);
        var sample = SampleOf(tick);
        _state.Telemetry.Fold(0, sample);
        _state.SetLeases(0, _leases.Book, watchUntil: null);
        _cycle.Run(_state, tick, tick.Start, new(Engine.FreezeAfter, Engine.RefuseAfter));
        _entry = _state.Book().EntryAt(0);
        FailFirm(tick, sample.Healthy);
        var notice = TimeSpan.FromSeconds(Policy.NoticeSeconds);
        _leases.Reclaim(tick, sample.Healthy, sample.Running + sample.Queued, Policy.EffectiveWall, notice);
        Meddle(tick);
        var wishes = new List<MarketRequest>();
        _market.Draw(tick, sample.Healthy, meanFree: Healthy / 2.0, wishes);
        foreach (var wish in wishes)
        {
            Ask(wish, tick);
        }
    }

    /// <summary>Now and then nearly all of the machines are gone for a while.</summary>
    private Sample SampleOf(Tick tick)
    {
        var book = _leases.Book;
        var sample = _demand.At(tick, book.Leased, book.Taken - book.Leased);
        _outage =
            _outage > 0 ? _outage - 1
            : Chance(1.0 / 3_000) ? OutageTicks
            : 0;
        var healthy = _outage > 0 ? Left : Healthy;
        var running = Math.Min(sample.Running, Math.Max(0, healthy - book.Leased));
        return sample with { Healthy = healthy, Running = running, Queued = sample.Running - running + sample.Queued };
    }

    private void FailFirm(Tick tick, double healthy)
    {
        foreach (var lease in _live.Where(id => _accounts[id] is { IsFirm: true, Status: LeaseStatus.Active }).Order())
        {
            if (_leases.Book.ActiveFirm <= healthy)
            {
                return;
            }
            _leases.Command(lease, new LeaseCommand.Fail(Id("fail", tick), tick.Start, tick, "machines are gone"));
        }
    }

    /// <summary>What somebody may want of any lease at any time, wanted in its state or not.</summary>
    private void Meddle(Tick tick)
    {
        foreach (var quote in _quotes)
        {
            _leases.Command(quote, new LeaseCommand.Accept(Id("accept", tick), tick.Start, tick));
        }
        _quotes.Clear();
        if (_live.Count == 0 || !Chance(0.2))
        {
            return;
        }
        var id = _live.Order().ElementAt((int)(_dice.NextUniform() * _live.Count));
        var (at, command) = (tick.Start, Id("meddle", tick));
        LeaseCommand wish = (int)(_dice.NextUniform() * 8) switch
        {
            0 => new LeaseCommand.Drill(command, at, tick),
            1 => new LeaseCommand.Rescind(command, at, tick),
            2 => new LeaseCommand.End(command, at, tick),
            3 => new LeaseCommand.Warn(command, at, tick, CushionGpus: 3),
            4 => new LeaseCommand.Reclaim(command, at, tick, ReclaimReason.OperatorRequest, Gpus: 1),
            5 => new LeaseCommand.Wake(command, at, tick),
            6 => new LeaseCommand.Reclaim(command, at, tick, ReclaimReason.OperatorRequest),
            _ => new LeaseCommand.Renew(command, at, tick, TimeSpan.FromHours(1), _entry.Firm, at.AddHours(1)),
        };
        _leases.Command(id, wish);
        _leases.WakeAt(tick);
        if (_accounts[id].Status == LeaseStatus.Settled)
        {
            var late = new LeaseCommand.Correct(Id("late", tick), at, tick, GpuSeconds: 90, "heard of late");
            _leases.Command(id, late);
        }
    }

    private void Ask(MarketRequest wish, Tick tick)
    {
        var isSpot = wish.Tier == LeaseTier.Spot;
        var request = new LeaseRequest(
            TenantId.Parse($"tenant-{(int)(_dice.NextUniform() * 10)}"),
            wish.Tier,
            wish.Gpus,
            wish.Term,
            wish.MaxRateUnder(Policy.Ceiling),
            Given.Fleet,
            Notice: isSpot && Chance(0.3) ? Notices[Chance(0.5) ? 0 : 1] : null,
            MinGpus: isSpot && Chance(0.5) ? Math.Max(1, wish.Gpus / 2) : null,
            SpendCap: Chance(0.1) ? new MicroUsd(1 + (long)(_dice.NextUniform() * 3e6)) : null,
            AutoRenew: Chance(0.2)
        );
        if (FleetMatcher.Match(request, [Offer()], Length).Candidates is not [var best, ..])
        {
            return;
        }
        var terms = LeaseTerms.Of(request, best, tick, Length);
        RequireRoom(terms, tick);
        if (Chance(0.8))
        {
            _leases.Lease(terms, tick);
            return;
        }
        // A quote; half of them are accepted at the next tick, at the last moment.
        var (id, expires) = (LeaseId.For(terms.Tenant, $"quote-{_accounts.Count}"), tick.Start.AddSeconds(60));
        _leases.Hold(id, new(Id("hold", tick), tick.Start, tick, terms, expires, expires + Engine.LapseGrace, "hash"));
        if (Chance(0.5))
        {
            _quotes.Add(id);
        }
    }

    private FleetOffer Offer()
    {
        var book = _leases.Book.At(_entry.Tick.Start);
        return new(
            _fleet,
            _entry.Spot,
            _entry.Firm,
            Admission.Fitting(LeaseTier.Spot, longTerm: false, _entry.Slice, book),
            Admission.Fitting(LeaseTier.Firm, longTerm: false, _entry.Slice, book),
            LongFirmGpus: 0,
            InterruptionProbability: 0.1,
            _entry.Stale
        );
    }

    private Renewal RenewalOf(Lease lease, Tick tick) =>
        Renewal.Of(lease, Offer(), _entry.Slice, _leases.Book.At(tick.Start), _entry.Tick, tick.Start, Length);

    private void Record(LeaseEventEnvelope envelope)
    {
        _journal.AppendData(LeaseEventJson.Write(envelope).Span);
        var kind = envelope.Event.GetType().Name;
        Events[kind] = Events.GetValueOrDefault(kind) + 1;
        if (!_accounts.TryGetValue(envelope.Lease, out var account))
        {
            _accounts.Add(envelope.Lease, account = new LeaseAccount());
        }
        account.Apply(envelope);
        _ = account.Gpus > 0 ? _live.Add(envelope.Lease) : _live.Remove(envelope.Lease);
    }

    /// <summary>Never sold twice, by the accounts' own count.</summary>
    private void RequireRoom(LeaseTerms terms, Tick tick)
    {
        var taken = _live.Sum(id => _accounts[id].Gpus);
        var kept = _leases.Book.At(tick.Start).Kept;
        (taken + kept + terms.Gpus).ShouldBeLessThanOrEqualTo((int)(_entry.TotalSlice + 0.001));
        if (terms.Tier == LeaseTier.Firm)
        {
            var firm = _live.Where(id => _accounts[id].IsFirm).Sum(id => _accounts[id].Gpus);
            (firm + terms.Gpus).ShouldBeLessThanOrEqualTo((int)(_entry.FirmSlice + 0.001));
        }
    }

    private void RequireBooks()
    {
        var book = _leases.Book;
        CapacityLedger.Recount(book, _leases.Reservations).ShouldBe(book);
        book.Taken.ShouldBe(_live.Sum(id => _accounts[id].Gpus));
        (book.ActiveFirm + book.HeldFirm).ShouldBe(
            _live.Where(id => _accounts[id].IsFirm).Sum(id => _accounts[id].Gpus)
        );
    }

    private bool Chance(double share) => _dice.NextUniform() < share;

    private static CommandId Id(string what, Tick tick) => CommandId.From($"{what}-{tick}");
}
