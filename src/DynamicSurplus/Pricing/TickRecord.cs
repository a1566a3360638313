using DynamicSurplus.Measures;
using DynamicSurplus.Pricing.Kernel;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Pricing;

/// <summary>
/// One fleet's tick as it was recorded: every input of the pricing step and what came out. Units as in the columns.
/// </summary>
/// <param name="InterestBefore">The demand estimate before the tick, GPUs at a rate of 1 USD.</param>
/// <param name="LogRateBefore">ln(USD per GPU-hour) before the tick.</param>
/// <param name="Target">ln of the rate that the tick moved toward.</param>
/// <param name="Spot">As published.</param>
/// <param name="Seconds">That the tick accounts for; 0 in records from before displaced demand was booked.</param>
/// <param name="DisplacedAmount">Of demand past the wall, at the spot rate: <see cref="DisplacedCost"/>.</param>
public sealed record TickRecord(
    FleetId Fleet,
    Tick Tick,
    TickLength Length,
    float Capacity,
    float Demand,
    float Wall,
    float MarginFirm,
    float MarginSpot,
    float Accepted,
    bool Frozen,
    float InterestBefore,
    float LogRateBefore,
    float Floor,
    float Ceiling,
    float Monopoly,
    float Elasticity,
    float Beta,
    float Kappa,
    float Delta,
    float Batch,
    float MeanGpus,
    float Firm,
    float Total,
    float Interest,
    float LogRate,
    float Target,
    Rate Spot,
    Rate FirmRate,
    long Seconds,
    MicroUsd DisplacedAmount
)
{
    /// <summary>One fleet's part of the columns as the kernel left them.</summary>
    public static TickRecord Of(
        FleetId fleet,
        Tick tick,
        TickLength length,
        PricingColumns columns,
        int place,
        float interestBefore,
        float logRateBefore,
        Rate spot,
        Rate firm,
        long seconds,
        MicroUsd displaced
    ) =>
        new(
            fleet,
            tick,
            length,
            columns.Capacity[place],
            columns.Demand[place],
            columns.Wall[place],
            columns.MarginFirm[place],
            columns.MarginSpot[place],
            Math.Max(0f, columns.Accepted[place]),
            columns.IsFrozen(place),
            interestBefore,
            logRateBefore,
            columns.Floor[place],
            columns.Ceiling[place],
            columns.Monopoly[place],
            columns.Elasticity[place],
            columns.Beta[place],
            columns.Kappa[place],
            columns.Delta[place],
            columns.Batch[place],
            columns.MeanGpus[place],
            columns.Firm[place],
            columns.Total[place],
            columns.Interest[place],
            columns.LogRate[place],
            columns.Target[place],
            spot,
            firm,
            seconds,
            displaced
        );

    /// <summary>The same from the record's own inputs.</summary>
    public DisplacedCost RecomputeDisplaced() => DisplacedCost.Of(Demand, Wall, Capacity, Spot, Seconds);
}
