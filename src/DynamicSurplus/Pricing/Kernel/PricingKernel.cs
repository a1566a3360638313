using System.Runtime.Intrinsics;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>
/// The vectorized pricing function: one pass over the columns at the processor's widest lanes. The bits are
/// <see cref="ScalarPricingKernel"/>'s at every width. Allocates nothing.
/// </summary>
public static class PricingKernel
{
    /// <summary>Fleets that this processor prices side by side: 16, 8, 4 or 1.</summary>
    public static int Width =>
        Vector512.IsHardwareAccelerated ? Lane512.Width
        : Vector256.IsHardwareAccelerated ? Lane256.Width
        : Vector128.IsHardwareAccelerated ? Lane128.Width
        : LaneScalar.Width;

    /// <summary>One tick of every fleet: reads the inputs, moves the state, writes the outputs.</summary>
    public static void Run(PricingColumns columns) => Run(columns, Width);

    /// <summary>The same at a width of one's choice, which the processor need not have.</summary>
    /// <param name="width">16, 8, 4 or 1.</param>
    public static void Run(PricingColumns columns, int width)
    {
        var priced = width switch
        {
            16 => PricingStep.Run<Lane512>(columns, 0),
            8 => PricingStep.Run<Lane256>(columns, 0),
            4 => PricingStep.Run<Lane128>(columns, 0),
            1 => 0,
            _ => throw new ArgumentOutOfRangeException(nameof(width), width, "Give 16, 8, 4 or 1."),
        };
        PricingStep.Run<LaneScalar>(columns, priced);
    }
}
