namespace DynamicSurplus.Settlement;

/// <summary>What a line of a statement stands for.</summary>
public enum StatementLineKind
{
    /// <summary>GPUs for a stretch of time at a rate.</summary>
    Usage,

    /// <summary>What the customer is owed by rule: never more than its lease has cost.</summary>
    Credit,

    /// <summary>Usage that was heard of after the lease was settled; up or down.</summary>
    Correction,
}
