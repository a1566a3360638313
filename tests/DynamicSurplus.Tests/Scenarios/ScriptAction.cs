namespace DynamicSurplus.Tests.Scenarios;

/// <summary>What may be done to a lease, or to time.</summary>
internal enum ScriptAction
{
    Hold,
    Accept,
    Grant,
    Refuse,
    ReclaimWhole,
    ReclaimPart,
    Rescind,
    Drill,
    Renew,
    Warn,
    Fail,
    End,
    Settle,
    Correct,

    /// <summary>Everything due is woken: late, by all the time that passed since.</summary>
    Wake,

    /// <summary>The same, each wake-up twice.</summary>
    WakeTwice,

    /// <summary>What is due next is woken before its time.</summary>
    WakeEarly,
}
