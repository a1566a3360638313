namespace DynamicSurplus.Risk;

/// <summary>
/// An interruption probability, as coarse as customers know it from elsewhere. A bound belongs to the higher band.
/// </summary>
public enum InterruptionBand
{
    Below5Percent,
    From5To10Percent,
    From10To15Percent,

    /// <summary>15 to 20 %, both included.</summary>
    From15To20Percent,
    Above20Percent,
}
