namespace DynamicSurplus.Local.Simulation;

/// <summary>
/// How much outside demand a synthetic market makes: the load that it offers over a fleet's mean free GPUs.
/// </summary>
public enum MarketLoad
{
    /// <summary>1 ×.</summary>
    Weak,

    /// <summary>3 ×.</summary>
    Medium,

    /// <summary>6 ×.</summary>
    Strong,
}
