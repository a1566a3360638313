namespace DynamicSurplus.Leasing;

/// <summary>Why a command was turned down; nothing happened then.</summary>
public enum LeaseRefusalCode
{
    /// <summary>There is no such lease: its stream is empty.</summary>
    NotFound,

    /// <summary>The idempotency key was used before, for a request with another body.</summary>
    AnotherRequest,

    /// <summary>The quote was not accepted in time, or was given up.</summary>
    Expired,

    /// <summary>The quote was accepted before, by another request.</summary>
    AlreadyAccepted,

    /// <summary>The lease does not wait for machines: it was never accepted, or it is over.</summary>
    NotGrantable,

    /// <summary>The machines were handed over before: they cannot be refused any more.</summary>
    AlreadyGranted,

    /// <summary>
    /// Not a running spot lease (a firm one is never reclaimed in its term), or no reclaim was decided.
    /// </summary>
    NotReclaimable,

    /// <summary>The lease is over.</summary>
    AlreadyEnded,

    /// <summary>The lease is not over: there is nothing to settle yet.</summary>
    NotEnded,

    /// <summary>The lease's GPUs are being taken back.</summary>
    BeingReclaimed,

    /// <summary>A notice was withdrawn a short while ago: the lease is left alone for now.</summary>
    CoolingDown,

    /// <summary>The lease does not run, or another term would end no later than the present one.</summary>
    NotRenewable,

    /// <summary>The rate is above the customer's own bound.</summary>
    RateAboveMax,

    /// <summary>Only a running firm lease fails: of a spot lease the GPUs are reclaimed.</summary>
    NotFirm,

    /// <summary>The lease is not settled: there is nothing to correct yet.</summary>
    NotSettled,

    /// <summary>The correction would take away more than the lease has cost.</summary>
    CorrectionTooLarge,
}
