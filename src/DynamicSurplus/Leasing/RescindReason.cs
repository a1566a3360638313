namespace DynamicSurplus.Leasing;

/// <summary>Why a reclaim came to nothing.</summary>
public enum RescindReason
{
    /// <summary>The owner's demand fell back before the forced end.</summary>
    DemandFell,

    /// <summary>It was an exercise, and its notice is over.</summary>
    DrillOver,
}
