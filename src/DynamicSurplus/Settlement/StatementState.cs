namespace DynamicSurplus.Settlement;

/// <summary>How far a statement may still change.</summary>
public enum StatementState
{
    /// <summary>The lease may still run: the amount is what is owed so far.</summary>
    Provisional,

    /// <summary>The lease is over: the amount stands, and is about to be settled.</summary>
    Unsettled,

    /// <summary>The last word.</summary>
    Settled,
}
