using System.Diagnostics;

namespace DynamicSurplus.Local.Benchmarking;

/// <summary>
/// Times several things against each other in one run: they take turns, so what else the machine does hits all alike, and
/// the median of many passes forgets it.
/// </summary>
public static class TimedPasses
{
    private const int Passes = 31;
    private static readonly TimeSpan PassTime = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(400);

    /// <summary>Runs each action until it is compiled for good and its data is where it will stay, then in turns.</summary>
    /// <returns>Seconds of one call of each action, the medians of 31 passes of at least 15 ms.</returns>
    public static double[] MedianSeconds(params ReadOnlySpan<Action> actions)
    {
        var calls = new int[actions.Length];
        var seconds = new double[actions.Length][];
        for (var i = 0; i < actions.Length; i++)
        {
            var warmUp = Stopwatch.StartNew();
            var count = 0;
            while (warmUp.Elapsed < WarmUpTime || count < 40)
            {
                actions[i]();
                count++;
            }
            calls[i] = (int)Math.Ceiling(PassTime / (Time(actions[i], count) / count));
            seconds[i] = new double[Passes];
        }
        for (var pass = 0; pass < Passes; pass++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                seconds[i][pass] = Time(actions[i], calls[i]).TotalSeconds / calls[i];
            }
        }
        return [.. seconds.Select(Median)];
    }

    private static TimeSpan Time(Action action, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < calls; call++)
        {
            action();
        }
        return Stopwatch.GetElapsedTime(start);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
