namespace DynamicSurplus.Pricing;

/// <summary>
/// What a fleet can lease out at a tick, in GPUs, real numbers: (1 − wall) × capacity ≤ firm ≤ total.
/// </summary>
/// <param name="Firm">Free less the firm margin.</param>
/// <param name="Total">Free less the spot margin; spot may use all of it.</param>
/// <param name="Always">
/// (1 − wall) × capacity: what an enforced wall leaves whatever happens; long-term firm leases fit in it.
/// </param>
public readonly record struct SurplusSlice(double Firm, double Total, double Always)
{
    /// <summary>Forgives rounding where a slice is a whole number of GPUs.</summary>
    internal const double GpuNoise = 1e-3;

    /// <param name="capacity">GPUs, ≥ 0.</param>
    /// <param name="demand">Internal GPUs running and queued.</param>
    /// <param name="wall">The enforced efficiency wall, (0, 1]; 1 where the owner enforces none.</param>
    /// <param name="marginFirm">Share of capacity, [0, 1].</param>
    /// <param name="marginSpot">Share of capacity, [0, 1].</param>
    public static SurplusSlice Of(double capacity, double demand, double wall, double marginFirm, double marginSpot)
    {
        var needed = Protected(demand, capacity, wall);
        return new(
            capacity - Math.Min(wall * capacity, needed + (marginFirm * capacity)),
            capacity - Math.Min(wall * capacity, needed + (Math.Min(marginSpot, marginFirm) * capacity)),
            (1 - wall) * capacity
        );
    }

    /// <summary>Internal demand that the fleet must serve, GPUs.</summary>
    public static double Protected(double demand, double capacity, double wall) =>
        Math.Min(Math.Max(demand, 0.0), wall * capacity);

    /// <summary>GPUs that internal demand leaves.</summary>
    public static double Free(double demand, double capacity, double wall) =>
        capacity - Protected(demand, capacity, wall);

    /// <summary>GPUs on sale are whole: the floor, forgiving rounding noise.</summary>
    public static int Whole(double gpus) => (int)Math.Floor(gpus + GpuNoise);
}
