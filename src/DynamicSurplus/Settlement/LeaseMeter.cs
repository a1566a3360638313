using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>
/// A lease's rates and GPUs over time, from the instant its machines were handed over: what it has cost at any instant,
/// and when it will have cost a given amount. Whole seconds are counted from that instant, so that no change of rate or
/// GPUs, at whatever fraction of a second, adds or loses one.
/// </summary>
public readonly record struct LeaseMeter
{
    private readonly ValueList<MeterStretch> _stretches;

    private LeaseMeter(ValueList<MeterStretch> stretches) => _stretches = stretches;

    public bool IsRunning => _stretches.Count > 0;

    public static LeaseMeter Start(DateTimeOffset grantedAt, Rate rate, int gpus) =>
        new(default(ValueList<MeterStretch>).With(new(grantedAt, rate, gpus)));

    /// <summary>A new rate from then on.</summary>
    /// <param name="from">Not before the last change.</param>
    public LeaseMeter WithRate(DateTimeOffset from, Rate rate) =>
        new(Until(from).With(new(from, rate, _stretches[^1].Gpus)));

    /// <summary>Other GPUs from then on, at whatever rate.</summary>
    public LeaseMeter WithGpus(DateTimeOffset from, int gpus)
    {
        var later = _stretches.Where(stretch => stretch.From > from);
        var all = Until(from).With(new(from, RateAt(from), gpus)).Concat(later.Select(s => s with { Gpus = gpus }));
        return new(new ValueList<MeterStretch>(all));
    }

    /// <param name="at">Not before the grant.</param>
    public Rate RateAt(DateTimeOffset at) => _stretches.Last(stretch => stretch.From <= at).Rate;

    /// <summary>One line a stretch up to then; later stretches that never came to a second are left out.</summary>
    public IReadOnlyList<StatementLine> Lines(DateTimeOffset to)
    {
        var lines = new List<StatementLine>(_stretches.Count);
        for (var i = 0; i < _stretches.Count; i++)
        {
            var (from, rate, gpus) = _stretches[i];
            var end = i + 1 < _stretches.Count && _stretches[i + 1].From < to ? _stretches[i + 1].From : to;
            var seconds = Math.Max(0, SecondsTo(end) - SecondsTo(from));
            if (seconds > 0 || i == 0)
            {
                var amount = StatementAmount.Of([new MeterSegment(rate, gpus, seconds)]);
                lines.Add(new(StatementLineKind.Usage, rate, gpus, from, end, seconds, amount));
            }
        }
        return lines;
    }

    public long GpuSeconds(DateTimeOffset to) => Lines(to).Sum(line => line.Gpus * line.Seconds);

    /// <summary>The first whole second after which the lease has cost as much; null: it never will.</summary>
    public DateTimeOffset? WhenCosts(MicroUsd amount) => SecondsUntil(amount) is { } seconds ? At(seconds) : null;

    /// <summary>The last whole second after which the lease has not cost more; null: it never will.</summary>
    public DateTimeOffset? WhenStillWithin(MicroUsd amount) =>
        SecondsUntil(amount + new MicroUsd(1)) is { } seconds ? At(Math.Max(0, seconds - 1)) : null;

    /// <summary>Searches the seconds, whose cost never falls, stretch by stretch.</summary>
    private long? SecondsUntil(MicroUsd amount)
    {
        var cost = MicroUsd.Zero;
        for (var i = 0; i < _stretches.Count; i++)
        {
            var (from, rate, gpus) = _stretches[i];
            var before = SecondsTo(from);
            var enough = SecondsEnoughFor(amount - cost, rate, gpus);
            var length = i + 1 < _stretches.Count ? SecondsTo(_stretches[i + 1].From) - before : long.MaxValue;
            if (enough is not { } most || most > length)
            {
                if (i + 1 == _stretches.Count)
                {
                    return null;
                }
                var all = Cost(rate, gpus, length);
                if (cost + all < amount)
                {
                    cost += all;
                    continue;
                }
                most = length;
            }
            var least = 0L;
            while (least < most)
            {
                var middle = least + ((most - least) / 2);
                var isReached = cost + Cost(rate, gpus, middle) >= amount;
                (least, most) = isReached ? (least, middle) : (middle + 1, most);
            }
            return before + least;
        }
        return null;
    }

    /// <summary>Seconds after which a stretch alone has cost at least that; null: never.</summary>
    private static long? SecondsEnoughFor(MicroUsd amount, Rate rate, int gpus)
    {
        var unitsPerSecond = (Int128)rate.Steps * gpus;
        return unitsPerSecond == 0
            ? null
            : (long)(((Int128)amount.Value * StatementAmount.UnitsPerMicroUsd / unitsPerSecond) + 2);
    }

    private static MicroUsd Cost(Rate rate, int gpus, long seconds) =>
        StatementAmount.Of([new MeterSegment(rate, gpus, seconds)]);

    private DateTimeOffset At(long seconds) => _stretches[0].From + TimeSpan.FromSeconds(seconds);

    private ValueList<MeterStretch> Until(DateTimeOffset from) =>
        new ValueList<MeterStretch>(_stretches.Where(stretch => stretch.From < from));

    private long SecondsTo(DateTimeOffset at) => (at - _stretches[0].From).Ticks / TimeSpan.TicksPerSecond;
}
