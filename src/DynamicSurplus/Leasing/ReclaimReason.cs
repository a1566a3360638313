namespace DynamicSurplus.Leasing;

/// <summary>The reason code that a reclaim notice carries.</summary>
public enum ReclaimReason
{
    /// <summary>The owner's own demand returned.</summary>
    InternalDemand,

    /// <summary>The fleet lost GPUs.</summary>
    CapacityLost,

    /// <summary>The operator asked for GPUs.</summary>
    OperatorRequest,

    /// <summary>None: an exercise that the customer asked for.</summary>
    Drill,
}
