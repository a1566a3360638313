namespace DynamicSurplus.Local.Benchmarking;

/// <summary>How long a quote and its acceptance take over HTTP, beside one write to the same storage.</summary>
/// <remarks>
/// Milliseconds, from the instant at which a customer wanted to ask (not from when it got to ask) to its lease.
/// </remarks>
/// <param name="RequestsPerSecond">HTTP requests: two a lease.</param>
/// <param name="Leases">That are active, and were timed.</param>
/// <param name="Refused">Customers that went without.</param>
public sealed record LeaseFigures(
    double RequestsPerSecond,
    int Leases,
    int Refused,
    double LeaseMedianMilliseconds,
    double LeaseP99Milliseconds,
    int Writes,
    double WriteMedianMilliseconds,
    double WriteP99Milliseconds
)
{
    /// <summary>p99 of quote → lease over p99 of one write.</summary>
    public double Ratio => LeaseP99Milliseconds / WriteP99Milliseconds;
}
