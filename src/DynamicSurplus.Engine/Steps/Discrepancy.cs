namespace DynamicSurplus.Engine.Steps;

/// <summary>What of a lease's surroundings says something else than its journal.</summary>
[Flags]
public enum Discrepancy
{
    None = 0,

    /// <summary>GPUs are reserved, or not, in a state that no event of the lease asked for.</summary>
    Reservation = 1,

    /// <summary>Nothing in the due table would wake the lease when it must be looked at.</summary>
    Wakeup = 2,

    /// <summary>The customer's list shows another lease than there is, or none.</summary>
    View = 4,
}
