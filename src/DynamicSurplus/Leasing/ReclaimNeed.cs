using DynamicSurplus.Pricing;

namespace DynamicSurplus.Leasing;

/// <summary>How many GPUs the owner's demand takes back.</summary>
public static class ReclaimNeed
{
    /// <summary>Whole GPUs for which notice must be given now, at most the spot ones.</summary>
    /// <param name="capacity">GPUs, ≥ 0.</param>
    /// <param name="demand">Internal GPUs running and queued.</param>
    /// <param name="wall">The enforced efficiency wall, (0, 1]; 1 where the owner enforces none.</param>
    /// <param name="firm">Firm GPUs leased, granting and held.</param>
    /// <param name="spot">The same for spot, without those already in notice.</param>
    public static int Of(double capacity, double demand, double wall, int firm, int spot)
    {
        var missing = SurplusSlice.Protected(demand, capacity, wall) + firm + spot - capacity;
        return (int)Math.Min(spot, Math.Max(0.0, Math.Ceiling(missing - SurplusSlice.GpuNoise)));
    }
}
