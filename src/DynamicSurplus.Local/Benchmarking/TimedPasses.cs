using System.Diagnostics;

namespace DynamicSurplus.Local.Benchmarking;

/// <summary>
/// Times several things against each other in one run. They take turns, so what else the machine does hits all alike;
/// the passes are short, so that most see nothing of it, and the median is one of those.
/// </summary>
public static class TimedPasses
{
    private const int LeastPasses = 31;
    private const int MostPasses = 2001;
    private static readonly TimeSpan PassTime = TimeSpan.FromMilliseconds(0.25);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan RunTime = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Runs each action until it is compiled for good and its data is where it will stay, then all in turns.
    /// </summary>
    /// <returns>Seconds of one call of each action: the medians of 31 to 2,001 passes of 0.25 ms or one call.</returns>
    public static double[] MedianSeconds(params ReadOnlySpan<Action> actions)
    {
        var calls = new int[actions.Length];
        var turnTime = TimeSpan.Zero;
        for (var i = 0; i < actions.Length; i++)
        {
            var callTime = WarmUp(actions[i]);
            calls[i] = (int)Math.Ceiling(PassTime / callTime);
            turnTime += calls[i] * callTime;
        }
        var passes = (int)Math.Clamp(RunTime / turnTime, LeastPasses, MostPasses);
        var seconds = new double[actions.Length][];
        for (var i = 0; i < actions.Length; i++)
        {
            seconds[i] = new double[passes];
        }
        for (var pass = 0; pass < passes; pass++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                seconds[i][pass] = Time(actions[i], calls[i]).TotalSeconds / calls[i];
            }
        }
        return [.. seconds.Select(Median)];
    }

    /// <returns>The quickest call.</returns>
    private static TimeSpan WarmUp(Action action)
    {
        var quickest = TimeSpan.MaxValue;
        var start = Stopwatch.GetTimestamp();
        do
        {
            var time = Time(action, calls: 1);
            quickest = time < quickest ? time : quickest;
        } while (Stopwatch.GetElapsedTime(start) < WarmUpTime);
        return quickest > TimeSpan.Zero ? quickest : TimeSpan.FromTicks(1);
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
