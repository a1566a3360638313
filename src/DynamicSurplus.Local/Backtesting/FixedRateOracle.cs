using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Local.Backtesting;

/// <summary>
/// What the best constant rate of 80, log-spaced from floor to ceiling, would have earned in hindsight of the same
/// requests: each admitted while leased + its GPUs ≤ capacity − protected demand, without margins; reclaimed as ours.
/// </summary>
/// <remarks>
/// All rates run side by side over one stream of requests: a live request knows at which rates it is leased, a bit
/// each, so nothing is kept of what has ended.
/// </remarks>
public sealed class FixedRateOracle
{
    public const int RateCount = 80;

    private readonly FleetPolicy _policy;
    private readonly Rate[] _spotRates = new Rate[RateCount];
    private readonly Rate[] _firmRates = new Rate[RateCount];
    private readonly int[] _firm = new int[RateCount];
    private readonly int[] _spot = new int[RateCount];
    private readonly int[] _inNotice = new int[RateCount];
    private readonly long[] _spotGpuSeconds = new long[RateCount];
    private readonly long[] _firmGpuSeconds = new long[RateCount];

    /// <summary>Requests that are leased at one rate or more, in the order of their coming.</summary>
    private readonly List<Request> _live = [];
    private readonly PriorityQueue<Notice, DateTimeOffset> _notices = new();
    private DateTimeOffset _now;
    private int _free;

    public FixedRateOracle(FleetPolicy policy)
    {
        _policy = policy;
        double floor = policy.Floor.Steps;
        for (var i = 0; i < RateCount; i++)
        {
            var steps = floor * Math.Pow(policy.Ceiling.Steps / floor, i / (RateCount - 1.0));
            _spotRates[i] = Rate.FromSteps((int)Math.Round(steps, MidpointRounding.ToEven));
            _firmRates[i] = _spotRates[i].Times(policy.FirmFactor, policy.Ceiling);
        }
    }

    /// <summary>The rate that has earned most; the lowest of equal ones.</summary>
    public Rate BestRate => _spotRates[BestIndex];

    /// <summary>What the best rate has earned, in hours of one GPU at the ceiling.</summary>
    public double BestCeilingHours => CeilingHours(BestIndex);

    private int BestIndex => Enumerable.Range(0, RateCount).MaxBy(CeilingHours);

    /// <summary>Ends what is over at this tick, then reclaims.</summary>
    public void BeginTick(Tick tick, double capacity, double demand)
    {
        _now = tick.Start;
        EndUntil(_now);
        _free = SurplusSlice.Whole(SurplusSlice.Free(demand, capacity, _policy.EffectiveWall));
        for (var i = 0; i < RateCount; i++)
        {
            if (_firm[i] + _spot[i] > _free)
            {
                Reclaim(i, ReclaimNeed.Of(capacity, demand, _policy.EffectiveWall, _firm[i], _spot[i]));
            }
        }
        EndNotices(_now);
    }

    /// <summary>Leases a request at every rate that it accepts and that has room for it.</summary>
    public void Offer(in MarketRequest wish)
    {
        var isSpot = wish.Tier == LeaseTier.Spot;
        var (rates, leased, gpuSeconds) = isSpot
            ? (_spotRates, _spot, _spotGpuSeconds)
            : (_firmRates, _firm, _firmGpuSeconds);
        var most = wish.MaxRateUnder(_policy.Ceiling);
        var seconds = wish.Gpus * (long)wish.Term.TotalSeconds;
        var holders = UInt128.Zero;
        for (var i = 0; i < RateCount && rates[i] <= most; i++)
        {
            if (_firm[i] + _spot[i] + _inNotice[i] + wish.Gpus <= _free)
            {
                leased[i] += wish.Gpus;
                gpuSeconds[i] += seconds;
                holders |= UInt128.One << i;
            }
        }
        if (holders != 0)
        {
            _live.Add(new(isSpot, wish.Gpus, _now, _now + wish.Term, holders));
        }
    }

    /// <summary>Ends everything at the recording's end.</summary>
    public void Finish(DateTimeOffset at)
    {
        EndUntil(at);
        while (_notices.TryDequeue(out var notice, out var due))
        {
            _inNotice[notice.Index] -= notice.Gpus;
            _spotGpuSeconds[notice.Index] -= notice.Gpus * Seconds(due - at);
        }
        foreach (var request in _live)
        {
            var (leased, gpuSeconds) = request.IsSpot ? (_spot, _spotGpuSeconds) : (_firm, _firmGpuSeconds);
            foreach (var i in request.Indices())
            {
                leased[i] -= request.Gpus;
                gpuSeconds[i] -= request.Gpus * Seconds(request.EndsAt - at);
            }
        }
        _live.Clear();
    }

    private static long Seconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerSecond;

    private double CeilingHours(int i) =>
        (((double)_spotRates[i].Steps * _spotGpuSeconds[i]) + ((double)_firmRates[i].Steps * _firmGpuSeconds[i]))
        / _policy.Ceiling.Steps
        / 3600;

    private void EndUntil(DateTimeOffset now)
    {
        var kept = 0;
        for (var r = 0; r < _live.Count; r++)
        {
            var request = _live[r];
            if (request.EndsAt > now)
            {
                _live[kept++] = request;
                continue;
            }
            var leased = request.IsSpot ? _spot : _firm;
            foreach (var i in request.Indices())
            {
                leased[i] -= request.Gpus;
            }
        }
        _live.RemoveRange(kept, _live.Count - kept);
        EndNotices(now);
    }

    private void EndNotices(DateTimeOffset now)
    {
        while (_notices.TryPeek(out var notice, out var due) && due <= now)
        {
            _notices.Dequeue();
            _inNotice[notice.Index] -= notice.Gpus;
        }
    }

    private void Reclaim(int i, int need)
    {
        if (need == 0)
        {
            return;
        }
        var minimumRun = TimeSpan.FromSeconds(_policy.MinimumRunSeconds);
        var deadline = _now + TimeSpan.FromSeconds(_policy.NoticeSeconds);
        var holder = UInt128.One << i;
        var places = new List<int>();
        var candidates = new List<ReclaimCandidate>();
        for (var r = 0; r < _live.Count; r++)
        {
            var request = _live[r];
            if (request.IsSpot && (request.Holders & holder) != 0)
            {
                var run = _now - request.StartsAt;
                var loss = ReclaimCandidate.LossOf(_spotRates[i], request.Gpus, run);
                candidates.Add(new(request.Gpus, loss, run < minimumRun));
                places.Add(r);
            }
        }
        foreach (var (chosen, _) in ReclaimSelection.Select(candidates.ToArray(), need))
        {
            var request = _live[places[chosen]];
            var due = request.EndsAt < deadline ? request.EndsAt : deadline;
            _live[places[chosen]] = request with { Holders = request.Holders & ~holder };
            _spot[i] -= request.Gpus;
            _inNotice[i] += request.Gpus;
            _spotGpuSeconds[i] -= request.Gpus * Seconds(request.EndsAt - due);
            _notices.Enqueue(new(i, request.Gpus), due);
        }
    }

    /// <param name="Index">Of the rate.</param>
    private readonly record struct Notice(int Index, int Gpus);

    /// <param name="Holders">Bit i: leased at the i-th rate.</param>
    private readonly record struct Request(
        bool IsSpot,
        int Gpus,
        DateTimeOffset StartsAt,
        DateTimeOffset EndsAt,
        UInt128 Holders
    )
    {
        public IEnumerable<int> Indices()
        {
            for (var left = Holders; left != 0; left &= left - 1)
            {
                yield return (int)UInt128.TrailingZeroCount(left);
            }
        }
    }
}
