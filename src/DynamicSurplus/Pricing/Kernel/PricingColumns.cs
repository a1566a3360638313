using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>What the pricing kernel reads and writes of a shard's fleets, one float column a quantity.</summary>
public sealed class PricingColumns
{
    private const float LeastInterest = 1e-30f;

    public int Count { get; private set; }

    /// <summary>GPUs that can run at the tick.</summary>
    public float[] Capacity { get; private set; } = [];

    /// <summary>Internal GPUs running and queued.</summary>
    public float[] Demand { get; private set; } = [];

    /// <summary>In force at the tick, share of capacity.</summary>
    public float[] MarginFirm { get; private set; } = [];

    public float[] MarginSpot { get; private set; } = [];

    /// <summary>Offered load since the last tick, GPU-ticks per tick.</summary>
    public float[] Accepted { get; private set; } = [];

    /// <summary>1: rate and demand estimate move; 0: they stand still.</summary>
    public float[] Live { get; private set; } = [];

    /// <summary>The enforced wall, 1 where none is.</summary>
    public float[] Wall { get; private set; } = [];

    public float[] Elasticity { get; private set; } = [];

    public float[] Beta { get; private set; } = [];

    public float[] Kappa { get; private set; } = [];

    public float[] Delta { get; private set; } = [];

    public float[] Batch { get; private set; } = [];

    public float[] MeanGpus { get; private set; } = [];

    /// <summary>USD per GPU-hour; the kernel reads their logarithms.</summary>
    public float[] Floor { get; private set; } = [];

    public float[] Ceiling { get; private set; } = [];

    public float[] Monopoly { get; private set; } = [];

    public float[] LogFloor { get; private set; } = [];

    public float[] LogCeiling { get; private set; } = [];

    public float[] LogMonopoly { get; private set; } = [];

    /// <summary>2^−40 × floor^elasticity: the least demand estimate per GPU of capacity that the clearing price is taken of.</summary>
    public float[] LeastInterestPerGpu { get; private set; } = [];

    /// <summary>Demand estimate in and out: GPUs of offered load at a rate of 1 USD.</summary>
    public float[] Interest { get; private set; } = [];

    /// <summary>ln(USD per GPU-hour) in and out.</summary>
    public float[] LogRate { get; private set; } = [];

    /// <summary>Out: GPUs leaseable as firm.</summary>
    public float[] Firm { get; private set; } = [];

    /// <summary>Out: GPUs leaseable at all.</summary>
    public float[] Total { get; private set; } = [];

    /// <summary>Out: USD per GPU-hour.</summary>
    public float[] RateUsd { get; private set; } = [];

    /// <summary>Out: ln of the rate that the tick moves toward.</summary>
    public float[] Target { get; private set; } = [];

    /// <summary>The columns in their stored order: add at the end only.</summary>
    public void Accept(IColumnVisitor visitor)
    {
        Capacity = visitor.Visit(Capacity);
        Demand = visitor.Visit(Demand);
        MarginFirm = visitor.Visit(MarginFirm);
        MarginSpot = visitor.Visit(MarginSpot);
        Accepted = visitor.Visit(Accepted);
        Live = visitor.Visit(Live);
        Wall = visitor.Visit(Wall);
        Elasticity = visitor.Visit(Elasticity);
        Beta = visitor.Visit(Beta);
        Kappa = visitor.Visit(Kappa);
        Delta = visitor.Visit(Delta);
        Batch = visitor.Visit(Batch);
        MeanGpus = visitor.Visit(MeanGpus);
        Floor = visitor.Visit(Floor);
        Ceiling = visitor.Visit(Ceiling);
        Monopoly = visitor.Visit(Monopoly);
        LogFloor = visitor.Visit(LogFloor);
        LogCeiling = visitor.Visit(LogCeiling);
        LogMonopoly = visitor.Visit(LogMonopoly);
        LeastInterestPerGpu = visitor.Visit(LeastInterestPerGpu);
        Interest = visitor.Visit(Interest);
        LogRate = visitor.Visit(LogRate);
        Firm = visitor.Visit(Firm);
        Total = visitor.Visit(Total);
        RateUsd = visitor.Visit(RateUsd);
        Target = visitor.Visit(Target);
    }

    /// <summary>Makes room for this many fleets; new ones are zero and frozen until they are given a policy and a start.</summary>
    public void Resize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > Capacity.Length)
        {
            Accept(new ColumnGrowth(Math.Max(count, 2 * Capacity.Length)));
        }
        Count = count;
    }

    /// <summary>Sets a fleet's policy; a rate that has begun is brought inside the new bounds.</summary>
    public void SetPolicy(int fleet, FleetPolicy policy)
    {
        Wall[fleet] = (float)policy.EffectiveWall;
        Elasticity[fleet] = (float)policy.Elasticity;
        Beta[fleet] = (float)policy.Beta;
        Kappa[fleet] = (float)policy.Kappa;
        Delta[fleet] = (float)policy.Delta;
        Batch[fleet] = (float)policy.Batch;
        MeanGpus[fleet] = (float)policy.MeanGpus;
        SetRates(
            fleet,
            (double)policy.Floor.UsdPerGpuHour,
            (double)policy.Ceiling.UsdPerGpuHour,
            (double)policy.Monopoly.UsdPerGpuHour
        );
        LogRate[fleet] = Math.Clamp(LogRate[fleet], LogFloor[fleet], LogCeiling[fleet]);
    }

    /// <summary>Sets a fleet's bounds with everything that the kernel derives from them.</summary>
    public void SetRates(int fleet, double floor, double ceiling, double monopoly)
    {
        Floor[fleet] = (float)floor;
        Ceiling[fleet] = (float)ceiling;
        Monopoly[fleet] = (float)monopoly;
        LogFloor[fleet] = (float)KernelMath.Log<LaneScalar>(Floor[fleet]);
        LogCeiling[fleet] = (float)KernelMath.Log<LaneScalar>(Ceiling[fleet]);
        LogMonopoly[fleet] = (float)KernelMath.Log<LaneScalar>(Monopoly[fleet]);
        var least = KernelMath.Exp<LaneScalar>(Elasticity[fleet] * (LaneScalar)LogFloor[fleet]);
        LeastInterestPerGpu[fleet] = Math.Max(LeastInterest, (float)least * 9.094947017729282e-13f);
    }

    /// <summary>The fleet's first rate and demand estimate: the monopoly price, and half the demand that fills the slice there.</summary>
    /// <param name="total">The total slice, GPUs.</param>
    public void Start(int fleet, double total)
    {
        LogRate[fleet] = Math.Clamp(LogMonopoly[fleet], LogFloor[fleet], LogCeiling[fleet]);
        var atRate = KernelMath.Exp<LaneScalar>(Elasticity[fleet] * (LaneScalar)LogRate[fleet]);
        Interest[fleet] = (float)total * (float)atRate / 2;
    }

    /// <summary>The published rate: USD to the step, half to even, inside the bounds.</summary>
    public Rate RateOf(int fleet)
    {
        var steps = (int)MathF.Round(RateUsd[fleet] * Rate.StepsPerUsd, MidpointRounding.ToEven);
        return Rate.FromSteps(Math.Clamp(steps, Steps(Floor[fleet]), Steps(Ceiling[fleet])));
    }

    public Rate CeilingOf(int fleet) => Rate.FromSteps(Steps(Ceiling[fleet]));

    private static int Steps(float usd) => (int)Math.Round((double)usd * Rate.StepsPerUsd, MidpointRounding.ToEven);
}
