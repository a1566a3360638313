using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Local.Simulation;

/// <summary>
/// A fleet's internal demand as its scheduler would report it: jobs that arrive in lumps and leave when they are done,
/// more of them by day, and what the owner raises on command. What it wants does not depend on what is leased; what
/// runs does.
/// </summary>
/// <remarks>Draws per tick, in order: the count of new jobs; per job its GPUs and its run.</remarks>
public sealed class SyntheticDemand
{
    private const ulong Use = 2;

    /// <summary>
    /// Longest run of a job; as long lies the beginning before the first tick, so that it is no special time.
    /// </summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(1);
    private static readonly (int Gpus, double Share)[] Sizes =
    [
        (1, 0.40),
        (2, 0.18),
        (4, 0.17),
        (8, 0.15),
        (16, 0.07),
        (32, 0.03),
    ];

    private readonly FleetId _fleet;
    private readonly DemandShape _shape;
    private readonly TickLength _length;
    private readonly RandomStream _draws;
    private readonly double _jobsPerTick;

    /// <summary>GPUs that jobs give back, by the tick of their end; a ring.</summary>
    private readonly int[] _ending;
    private Tick _last = Tick.None;
    private int _jobs;
    private double _raised;
    private Tick _raisedUntil = Tick.None;

    public SyntheticDemand(FleetId fleet, long seed, DemandShape shape, TickLength length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Healthy, 1, nameof(shape));
        (_fleet, _shape, _length) = (fleet, shape, length);
        _draws = RandomStream.Of(fleet, seed, Use);
        _ending = new int[(int)(LongestRun / length.Span) + 1];
        var gpuMinutesPerJob = Sizes.Sum(size => Math.Min(size.Gpus, MostGpus) * size.Share) * shape.MeanJobMinutes;
        _jobsPerTick = shape.Healthy * shape.MeanShare / gpuMinutesPerJob * length.Span.TotalMinutes;
    }

    /// <summary>GPUs that the owner's jobs want at the latest tick, running or not.</summary>
    public double Demand => Math.Max(_jobs, _last < _raisedUntil ? _raised : 0);

    /// <summary>No job is larger than a quarter of the fleet.</summary>
    private int MostGpus => Math.Max(1, _shape.Healthy / 4);

    /// <summary>The owner's own spike: demand is at least this much, from the next sample until that tick.</summary>
    public void Spike(double gpus, Tick until) => (_raised, _raisedUntil) = (gpus, until);

    /// <summary>The fleet's telemetry at a tick, the same or later than the last one asked for.</summary>
    /// <param name="leased">GPUs with customers' work on them.</param>
    /// <param name="held">
    /// GPUs that are promised to quotes and grants: an owner who keeps to the wall leaves them free.
    /// </param>
    public Sample At(Tick tick, int leased, int held)
    {
        Advance(tick);
        var left = _shape.Healthy - leased - (_shape.WallEnforced ? held : 0);
        var running = Math.Min(Demand, Math.Max(0, left));
        return new(_fleet, tick.Start, _shape.Healthy, running, Demand - running);
    }

    private void Advance(Tick tick)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tick, _last);
        var next = _last == Tick.None ? tick.Plus(1 - _ending.Length, _length) : _last.Plus(1, _length);
        for (; next <= tick; next = next.Plus(1, _length))
        {
            Step(next);
        }
        _last = tick;
    }

    private void Step(Tick tick)
    {
        var place = tick.Index(_length);
        ref var ending = ref _ending[place % _ending.Length];
        _jobs -= ending;
        ending = 0;
        var hour = tick.StartSeconds / 3600.0;
        var swing = 1 + (_shape.DaySwing * Math.Cos(2 * Math.PI * (hour - _shape.PeakHourUtc) / 24));
        for (var left = _draws.NextPoisson(_jobsPerTick * swing); left > 0; left--)
        {
            var gpus = Math.Min(_draws.NextOf(Sizes), MostGpus);
            var minutes = _shape.MeanJobMinutes * _draws.NextExponential();
            var ticks = Math.Clamp((int)(minutes / _length.Span.TotalMinutes) + 1, 1, _ending.Length - 1);
            _ending[(place + ticks) % _ending.Length] += gpus;
            _jobs += gpus;
        }
    }
}
