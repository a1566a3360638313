namespace DynamicSurplus.Leasing;

public enum LeaseTier
{
    /// <summary>Reclaimable with notice.</summary>
    Spot,

    /// <summary>Never reclaimed in its term.</summary>
    Firm,
}
