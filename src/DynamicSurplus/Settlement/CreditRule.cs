using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>
/// What a broken promise pays, at the lease's own rate, whether or not the customer asks. All credits of a lease
/// together are at most what it has cost.
/// </summary>
public static class CreditRule
{
    /// <summary>
    /// Most of a failed firm lease's rest that is paid back: an hour, in which it can find other GPUs.
    /// </summary>
    public const int MostFailedSeconds = 3_600;

    /// <summary>
    /// A notice that came late: the GPUs that were taken back are free of charge for the promised notice.
    /// </summary>
    public static CreditTerms LateNotice(Rate rate, int gpus, TimeSpan notice) =>
        new(CreditReason.LateNotice, rate, gpus, (long)notice.TotalSeconds);

    /// <summary>
    /// A firm lease that failed: what the rest of its term would have cost, an hour of it at most, is paid back.
    /// </summary>
    public static CreditTerms FirmFailed(Rate rate, int gpus, TimeSpan rest) =>
        new(CreditReason.FirmFailed, rate, gpus, Math.Min(MostFailedSeconds, (long)Math.Ceiling(rest.TotalSeconds)));
}
