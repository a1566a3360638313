using System.Collections.Concurrent;

namespace DynamicSurplus.Local.Benchmarking;

/// <summary>Times that were measured, from any thread; every one is kept, so that percentiles are exact.</summary>
internal sealed class Latencies
{
    private readonly ConcurrentBag<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    /// <summary>The least time that at least this share of all do not exceed; NaN where there is none.</summary>
    /// <param name="share">(0, 1].</param>
    public double Percentile(double share)
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }
}
