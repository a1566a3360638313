namespace DynamicSurplus.Leasing;

/// <summary>
/// None → Held → Granting → Active → (Reclaiming → Active when rescinded) → Ended → Settled; Held → Lapsed;
/// Granting → Ended (not granted: no charge).
/// </summary>
public enum LeaseStatus
{
    None,
    Held,
    Lapsed,
    Granting,
    Active,
    Reclaiming,
    Ended,
    Settled,
}
