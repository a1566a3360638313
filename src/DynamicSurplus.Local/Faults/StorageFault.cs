namespace DynamicSurplus.Local.Faults;

/// <summary>What may go wrong with one request to storage.</summary>
public enum StorageFault
{
    /// <summary>409: an insert meets a row that is not there.</summary>
    Exists,

    /// <summary>412: a conditional write is told that somebody else was faster.</summary>
    Changed,

    /// <summary>429 with Retry-After; nothing was done.</summary>
    Throttled,

    /// <summary>500; nothing was done.</summary>
    Failed,

    /// <summary>503; nothing was done.</summary>
    Busy,

    /// <summary>The connection broke before the request arrived.</summary>
    NotSent,

    /// <summary>No answer in time; nothing was done.</summary>
    TimedOut,

    /// <summary>It was done, and then the connection broke.</summary>
    AnswerLost,

    /// <summary>It was done, and the answer did not come in time.</summary>
    AnswerLate,

    /// <summary>It was done, and the answer is 500.</summary>
    AnswerFailed,
}
