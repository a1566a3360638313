using System.Diagnostics.CodeAnalysis;
using DynamicSurplus.Pricing.Kernel;

namespace DynamicSurplus.Local.Benchmarking;

/// <summary>Fleets of every size and policy, the same for the same seed: what kernels are timed on.</summary>
public static class SyntheticFleets
{
    [SuppressMessage("Security", "CA5394", Justification = "Seeded: the same fleets every time is the point.")]
    public static PricingColumns Create(int count, int seed)
    {
        var random = new Random(seed);
        var columns = new PricingColumns();
        columns.Resize(count);
        for (var fleet = 0; fleet < count; fleet++)
        {
            var ceiling = Between(1.0, 10.0);
            columns.SetPolicy(
                fleet,
                new PricingPolicy(
                    Wall: random.Next(4) == 0 ? 0.85 : 1.0,
                    Floor: 0.15 * ceiling,
                    Ceiling: ceiling,
                    Monopoly: 0.45 * ceiling,
                    Elasticity: Between(2.0, 4.0),
                    Beta: 1.0 / 60,
                    Kappa: 0.3,
                    Delta: 0.01,
                    Batch: 0.5,
                    MeanGpus: 4.0
                )
            );
            var capacity = Math.ScaleB(8.0, random.Next(12));
            var marginFirm = Between(0.0, 0.3);
            columns.SetInputs(
                fleet,
                capacity,
                demand: capacity * Between(0.0, 1.2),
                marginFirm,
                marginSpot: marginFirm * random.NextDouble(),
                accepted: capacity * Between(0.0, 0.1),
                frozen: random.Next(50) == 0
            );
            columns.Start(fleet);
        }
        return columns;

        double Between(double least, double most) => least + ((most - least) * random.NextDouble());
    }
}
