namespace DynamicSurplus.Engine.Ports;

/// <summary>Which lease must be looked at when. At least once: a wake-up goes only after it was handled.</summary>
public interface IWakeups
{
    /// <summary>
    /// Idempotent by (lease, fleet, instant), the instant rounded up to the millisecond: never early, so that what was
    /// due then is due when it fires.
    /// </summary>
    Task ScheduleAsync(Wakeup wakeup, CancellationToken cancellationToken);

    /// <summary>
    /// Up to <paramref name="most"/> wake-ups at or before <paramref name="until"/>, earliest first, ties by lease id,
    /// then fleet id.
    /// </summary>
    Task<IReadOnlyList<Wakeup>> DueAsync(DateTimeOffset until, int most, CancellationToken cancellationToken);

    /// <summary>Whether this very wake-up is there, its instant rounded as it was when it was scheduled.</summary>
    Task<bool> IsScheduledAsync(Wakeup wakeup, CancellationToken cancellationToken);

    /// <summary>The wake-up was handled; no error where it is gone.</summary>
    Task RemoveAsync(Wakeup wakeup, CancellationToken cancellationToken);
}
