namespace DynamicSurplus.Pricing.Kernel;

/// <summary>The pricing function one fleet at a time: defines the published bits.</summary>
public static class ScalarPricingKernel
{
    /// <summary>One tick of every fleet: reads the inputs, moves the state, writes the outputs.</summary>
    public static void Run(PricingColumns columns) => PricingStep.Run<LaneScalar>(columns, 0);
}
