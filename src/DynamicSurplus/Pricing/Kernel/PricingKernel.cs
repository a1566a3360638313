using System.Runtime.Intrinsics;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>The vectorized pricing function: one pass over the columns at the processor's widest lanes, 0 bytes allocated.</summary>
public static class PricingKernel
{
    /// <summary>One tick of every fleet; the bits are <see cref="ScalarPricingKernel"/>'s at every width.</summary>
    public static void Run(PricingColumns columns)
    {
        var next = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            next = PricingStep.Run<Lane512>(columns, next);
        }
        if (Vector256.IsHardwareAccelerated)
        {
            next = PricingStep.Run<Lane256>(columns, next);
        }
        if (Vector128.IsHardwareAccelerated)
        {
            next = PricingStep.Run<Lane128>(columns, next);
        }
        PricingStep.Run<LaneScalar>(columns, next);
    }
}
