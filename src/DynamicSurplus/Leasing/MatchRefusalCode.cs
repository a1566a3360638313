namespace DynamicSurplus.Leasing;

/// <summary>Why no fleet can serve a request.</summary>
public enum MatchRefusalCode
{
    /// <summary>There is no fleet of that name.</summary>
    UnknownFleet,

    /// <summary>No fleet at all has GPUs of that SKU.</summary>
    UnknownSku,

    /// <summary>No fleet meets that constraint together with the others.</summary>
    NoSuchFleet,

    /// <summary>The fleets that meet the constraints serve the other class of work.</summary>
    WorkloadClass,

    /// <summary>No fleet leases the tier for so short or so long a term.</summary>
    TermOutOfRange,

    /// <summary>The customer's bound is below the least rate that any fleet may post.</summary>
    MaxRateBelowFloor,

    /// <summary>The fleets are paused, or being drained.</summary>
    Closed,

    /// <summary>The fleets' telemetry is too old to lease on.</summary>
    Stale,

    /// <summary>The posted rates are above the customer's bound.</summary>
    RateAboveMax,

    /// <summary>No one fleet has so many GPUs free now.</summary>
    NotEnoughGpus,
}
