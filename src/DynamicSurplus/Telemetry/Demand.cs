namespace DynamicSurplus.Telemetry;

/// <summary>Internal demand: GPUs that the owner's own work runs on or waits for.</summary>
public static class Demand
{
    /// <summary>
    /// running + queued, less the leased GPUs where the source counts them as running; never below 0.
    /// </summary>
    /// <param name="running">GPUs in use, as reported.</param>
    /// <param name="queued">GPUs that waiting jobs ask for.</param>
    /// <param name="leased">GPUs of active leases.</param>
    /// <param name="includesLeased">The fleet's source cannot tell leased GPUs from internal ones.</param>
    public static double Of(double running, double queued, double leased, bool includesLeased) =>
        Math.Max(0, running + queued - (includesLeased ? leased : 0));
}
