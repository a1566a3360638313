namespace DynamicSurplus.Local.Backtesting;

/// <summary>Runs fleets over their recorded time, each by itself: which others run beside it changes nothing.</summary>
public static class Backtest
{
    /// <param name="progress">Told the share of all ticks that are done, in whole tenths, from any thread.</param>
    public static BacktestReport Run(
        IReadOnlyList<FleetTrace> traces,
        BacktestOptions options,
        Action<int> progress,
        CancellationToken cancellationToken
    )
    {
        var all = traces.Sum(trace => trace.TickCount);
        var done = 0L;
        var fleets = new FleetReport[traces.Count];
        Parallel.For(
            0,
            traces.Count,
            new ParallelOptions
            {
                CancellationToken = cancellationToken,
                MaxDegreeOfParallelism = Environment.ProcessorCount,
            },
            i =>
            {
                var backtest = new FleetBacktest(traces[i], options);
                var figures = backtest.Run(Ticked, cancellationToken);
                fleets[i] = new(traces[i].Fleet, traces[i].FirstTick.Start, figures, backtest.Oracle.BestRate);
            }
        );
        var total = fleets.Select(fleet => fleet.Figures).Aggregate((left, right) => left + right);
        return new(options, fleets, total);

        void Ticked()
        {
            var now = Interlocked.Increment(ref done);
            if (now * 10 / all > (now - 1) * 10 / all)
            {
                progress((int)(now * 10 / all));
            }
        }
    }
}
