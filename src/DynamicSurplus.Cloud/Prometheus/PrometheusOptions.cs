namespace DynamicSurplus.Cloud.Prometheus;

/// <summary>How long Prometheus servers are waited for.</summary>
public sealed record PrometheusOptions
{
    /// <summary>One try of one query, 5 s: what takes longer every minute belongs in a recording rule.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// One query with its retries, 8 s: a fleet's queries run at once, so that a pull 10 s before a tick is in time.
    /// </summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Tries after the first: 2, for broken connections, time-outs, 429 and 5xx.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Before the first retry; doubles, with jitter: 200 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);
}
