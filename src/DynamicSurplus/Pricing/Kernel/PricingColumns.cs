using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Pricing.Kernel;

/// <summary>
/// What the kernel knows of a shard's fleets, one array a quantity, indexed alike. The arrays only grow; a span is good
/// until they do. Of 120 bytes a fleet a tick reads 76 and writes 28.
/// </summary>
/// <remarks>
/// Policy enters by <see cref="SetPolicy(int, in PricingPolicy)"/> and a tick's inputs by <see cref="SetInputs"/>
/// alone, so that what is derived from them cannot disagree with them.
/// </remarks>
public sealed class PricingColumns
{
    /// <summary>Bytes that a tick reads and writes per fleet.</summary>
    public const int BytesPerTick = 76 + 28;

    /// <summary>
    /// Least demand estimate, 2^-100: where less would clear the slice, the rate is 0.04 USD or lower at any elasticity
    /// up to 20, and is taken as that.
    /// </summary>
    public const float LeastInterest = 7.888_609e-31f;

    /// <summary>
    /// Largest demand estimate, 2^126. Reached where elasticity × ln(rate) + ln(GPUs asked for) is 87, as at elasticity
    /// 20 and 50 USD: there the rate rises no further for demand.
    /// </summary>
    public const float MostInterest = 8.507_059e37f;

    /// <summary>The supply counts as at least this share of capacity, 1/1024.</summary>
    internal const float LeastShare = 1f / 1024;

    internal const float StepsPerUsd = Rate.StepsPerUsd;

    /// <summary>2^30: what is above it is above every ceiling, and fits an int.</summary>
    internal const float MostSteps = 1 << 30;

    private const float FrozenLoad = -1f;

    internal float[] _capacity = [];
    internal float[] _demand = [];
    internal float[] _marginFirm = [];
    internal float[] _marginSpot = [];
    internal float[] _correction = [];
    internal float[] _accepted = [];
    internal float[] _wall = [];
    internal float[] _floor = [];
    internal float[] _ceiling = [];
    internal float[] _monopoly = [];
    internal float[] _elasticity = [];
    internal float[] _beta = [];
    internal float[] _kappa = [];
    internal float[] _delta = [];
    internal float[] _batch = [];
    internal float[] _meanGpus = [];
    internal float[] _logFloor = [];
    internal float[] _logCeiling = [];
    internal float[] _leastTarget = [];
    internal float[] _stepLimit = [];
    internal float[] _batchHeadroom = [];
    internal int[] _floorSteps = [];
    internal int[] _ceilingSteps = [];
    internal float[] _interest = [];
    internal float[] _logRate = [];
    internal float[] _firm = [];
    internal float[] _total = [];
    internal float[] _rate = [];
    internal float[] _target = [];
    internal int[] _rateSteps = [];

    public int Count { get; private set; }

    /// <summary>GPUs; 0, or 2^-20 to 2^40.</summary>
    public ReadOnlySpan<float> Capacity => _capacity.AsSpan(0, Count);

    /// <summary>Internal GPUs running and queued.</summary>
    public ReadOnlySpan<float> Demand => _demand.AsSpan(0, Count);

    /// <summary>In force at this tick, share of capacity, [0, 1].</summary>
    public ReadOnlySpan<float> MarginFirm => _marginFirm.AsSpan(0, Count);

    /// <summary>In force at this tick, share of capacity, [0, 1].</summary>
    public ReadOnlySpan<float> MarginSpot => _marginSpot.AsSpan(0, Count);

    /// <summary>
    /// GPUs that rounding the inputs to float, and the slice's own arithmetic, take from the spot slice.
    /// </summary>
    public ReadOnlySpan<float> Correction => _correction.AsSpan(0, Count);

    /// <summary>Offered load of the last tick's accepted requests, GPUs; below 0 where the fleet is frozen.</summary>
    public ReadOnlySpan<float> Accepted => _accepted.AsSpan(0, Count);

    /// <summary>The enforced efficiency wall, (0, 1]; 1 where the owner enforces none.</summary>
    public ReadOnlySpan<float> Wall => _wall.AsSpan(0, Count);

    /// <summary>USD per GPU-hour.</summary>
    public ReadOnlySpan<float> Floor => _floor.AsSpan(0, Count);

    /// <summary>USD per GPU-hour.</summary>
    public ReadOnlySpan<float> Ceiling => _ceiling.AsSpan(0, Count);

    /// <summary>USD per GPU-hour.</summary>
    public ReadOnlySpan<float> Monopoly => _monopoly.AsSpan(0, Count);

    /// <summary>Of outside demand to the rate, (0, 20].</summary>
    public ReadOnlySpan<float> Elasticity => _elasticity.AsSpan(0, Count);

    /// <summary>Weight of the last tick in the demand estimate, (0, 1].</summary>
    public ReadOnlySpan<float> Beta => _beta.AsSpan(0, Count);

    /// <summary>Share of the gap to the target that a tick closes, (0, 1].</summary>
    public ReadOnlySpan<float> Kappa => _kappa.AsSpan(0, Count);

    /// <summary>Most that ln(rate) moves in a tick, (0, 1], rounded down.</summary>
    public ReadOnlySpan<float> Delta => _delta.AsSpan(0, Count);

    /// <summary>Head-room for requests that come in lumps, standard deviations, [0, 4].</summary>
    public ReadOnlySpan<float> Batch => _batch.AsSpan(0, Count);

    /// <summary>Mean GPUs of a request, [1, 4096].</summary>
    public ReadOnlySpan<float> MeanGpus => _meanGpus.AsSpan(0, Count);

    /// <summary>ln(floor): the least <see cref="LogRate"/>.</summary>
    public ReadOnlySpan<float> LogFloor => _logFloor.AsSpan(0, Count);

    /// <summary>ln(ceiling): the largest <see cref="LogRate"/>.</summary>
    public ReadOnlySpan<float> LogCeiling => _logCeiling.AsSpan(0, Count);

    /// <summary>ln(monopoly), in [ln(floor), ln(ceiling)].</summary>
    public ReadOnlySpan<float> LeastTarget => _leastTarget.AsSpan(0, Count);

    /// <summary>
    /// Delta less the rounding error of a step, so that no step exceeds delta; 0 where delta is below 5e-7.
    /// </summary>
    public ReadOnlySpan<float> StepLimit => _stepLimit.AsSpan(0, Count);

    /// <summary>batch × √meanGpus.</summary>
    public ReadOnlySpan<float> BatchHeadroom => _batchHeadroom.AsSpan(0, Count);

    /// <summary>The floor in steps of $0.0001.</summary>
    public ReadOnlySpan<int> FloorSteps => _floorSteps.AsSpan(0, Count);

    /// <summary>The ceiling in steps of $0.0001.</summary>
    public ReadOnlySpan<int> CeilingSteps => _ceilingSteps.AsSpan(0, Count);

    /// <summary>Demand estimate: GPUs that would be asked for at 1 USD per GPU-hour.</summary>
    public Span<float> Interest => _interest.AsSpan(0, Count);

    /// <summary>ln(rate), the rate in USD per GPU-hour.</summary>
    public Span<float> LogRate => _logRate.AsSpan(0, Count);

    /// <summary>GPUs that firm leases may use.</summary>
    public ReadOnlySpan<float> Firm => _firm.AsSpan(0, Count);

    /// <summary>GPUs that all leases may use, firm ≤ total ≤ capacity.</summary>
    public ReadOnlySpan<float> Total => _total.AsSpan(0, Count);

    /// <summary>USD per GPU-hour, before rounding to steps.</summary>
    public ReadOnlySpan<float> RateUsd => _rate.AsSpan(0, Count);

    /// <summary>ln of the rate toward which this tick moved; <see cref="LogRate"/> where frozen.</summary>
    public ReadOnlySpan<float> Target => _target.AsSpan(0, Count);

    /// <summary>The published rate in steps of $0.0001, half to even, within the policy's floor and ceiling.</summary>
    public ReadOnlySpan<int> RateSteps => _rateSteps.AsSpan(0, Count);

    /// <summary>Neither rate nor demand estimate moves: paused, without capacity, or its telemetry is stale.</summary>
    public bool IsFrozen(int fleet) => Accepted[fleet] < 0f;

    /// <summary>
    /// Makes room for exactly this many fleets. New ones are frozen and 0 elsewhere; those past the end are forgotten.
    /// </summary>
    public void Resize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > _capacity.Length)
        {
            Accept(new ColumnGrowth((int)Math.Min(Array.MaxLength, Math.Max(count, 2L * _capacity.Length))));
        }
        for (var fleet = count; fleet < Count; fleet++)
        {
            Accept(new ColumnRemoval(fleet, fleet));
        }
        _accepted.AsSpan(Math.Min(count, Count)..count).Fill(FrozenLoad);
        Count = count;
    }

    /// <summary>The columns in their stored order: add at the end only.</summary>
    public void Accept(IColumnVisitor visitor)
    {
        _capacity = visitor.Visit(_capacity);
        _demand = visitor.Visit(_demand);
        _marginFirm = visitor.Visit(_marginFirm);
        _marginSpot = visitor.Visit(_marginSpot);
        _correction = visitor.Visit(_correction);
        _accepted = visitor.Visit(_accepted);
        _wall = visitor.Visit(_wall);
        _floor = visitor.Visit(_floor);
        _ceiling = visitor.Visit(_ceiling);
        _monopoly = visitor.Visit(_monopoly);
        _elasticity = visitor.Visit(_elasticity);
        _beta = visitor.Visit(_beta);
        _kappa = visitor.Visit(_kappa);
        _delta = visitor.Visit(_delta);
        _batch = visitor.Visit(_batch);
        _meanGpus = visitor.Visit(_meanGpus);
        _logFloor = visitor.Visit(_logFloor);
        _logCeiling = visitor.Visit(_logCeiling);
        _leastTarget = visitor.Visit(_leastTarget);
        _stepLimit = visitor.Visit(_stepLimit);
        _batchHeadroom = visitor.Visit(_batchHeadroom);
        _floorSteps = visitor.Visit(_floorSteps);
        _ceilingSteps = visitor.Visit(_ceilingSteps);
        _interest = visitor.Visit(_interest);
        _logRate = visitor.Visit(_logRate);
        _firm = visitor.Visit(_firm);
        _total = visitor.Visit(_total);
        _rate = visitor.Visit(_rate);
        _target = visitor.Visit(_target);
        _rateSteps = visitor.Visit(_rateSteps);
    }

    /// <inheritdoc cref="SetPolicy(int, in PricingPolicy)"/>
    public void SetPolicy(int fleet, FleetPolicy policy) => SetPolicy(fleet, PricingPolicy.Of(policy));

    /// <summary>
    /// Sets the policy and all that follows from it. The state stays: the next tick brings it into the new bounds.
    /// </summary>
    /// <param name="policy">Within the ranges of <see cref="FleetPolicy.Validate"/>.</param>
    public void SetPolicy(int fleet, in PricingPolicy policy)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)fleet, (uint)Count, nameof(fleet));
        _wall[fleet] = (float)policy.Wall;
        _floor[fleet] = (float)policy.Floor;
        _ceiling[fleet] = (float)policy.Ceiling;
        _monopoly[fleet] = (float)policy.Monopoly;
        _elasticity[fleet] = (float)policy.Elasticity;
        _beta[fleet] = (float)policy.Beta;
        _kappa[fleet] = (float)policy.Kappa;
        _delta[fleet] = RoundDown(policy.Delta);
        _batch[fleet] = (float)policy.Batch;
        _meanGpus[fleet] = (float)policy.MeanGpus;

        var (low, high) = (KernelMath.Log(_floor[fleet]), KernelMath.Log(_ceiling[fleet]));
        _logFloor[fleet] = low;
        _logCeiling[fleet] = high;
        _leastTarget[fleet] = Math.Clamp(KernelMath.Log(_monopoly[fleet]), low, high);
        _batchHeadroom[fleet] = _batch[fleet] * MathF.Sqrt(_meanGpus[fleet]);
        _floorSteps[fleet] = ToSteps(policy.Floor);
        _ceilingSteps[fleet] = ToSteps(policy.Ceiling);

        var largest = MathF.Max(MathF.Abs(low), MathF.Abs(high));
        var halfUlp = 0.5 * (MathF.BitIncrement(largest) - largest);
        _stepLimit[fleet] = MathF.Max(0f, RoundDown(_delta[fleet] - halfUlp));
    }

    /// <summary>Sets what telemetry, risk and the market say of a tick. State and policy stay.</summary>
    /// <param name="capacity">GPUs; 0 (which freezes), or 2^-20 to 2^40.</param>
    /// <param name="demand">Internal GPUs running and queued.</param>
    /// <param name="marginFirm">In force at this tick, share of capacity, [0, 1].</param>
    /// <param name="marginSpot">In force at this tick, share of capacity, [0, 1].</param>
    /// <param name="accepted">Offered load of the last tick's accepted requests, GPUs, at least 0.</param>
    /// <param name="frozen">Telemetry is stale, or the fleet is paused.</param>
    public void SetInputs(
        int fleet,
        double capacity,
        double demand,
        double marginFirm,
        double marginSpot,
        double accepted,
        bool frozen
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)fleet, (uint)Count, nameof(fleet));
        _capacity[fleet] = (float)capacity;
        _demand[fleet] = (float)demand;
        _marginFirm[fleet] = (float)marginFirm;
        _marginSpot[fleet] = (float)marginSpot;
        _accepted[fleet] = frozen || !(_capacity[fleet] > 0f) ? FrozenLoad : (float)accepted;

        // A slice of a thousandth of capacity, as a difference of floats, would be wrong by 1e-4 of itself, and so
        // would
        // the rate that clears it. What is lost is known here, in double, and small enough for a float.
        var left = capacity - Math.Max(demand, 0.0) - (Math.Min(marginSpot, marginFirm) * capacity);
        var margin = LaneScalar.Min(LaneScalar.Load(_marginSpot, fleet), LaneScalar.Load(_marginFirm, fleet));
        var inFloat = PricingStep.Left(LaneScalar.Load(_capacity, fleet), LaneScalar.Load(_demand, fleet), margin);
        _correction[fleet] = (float)(left - (float)inFloat);
    }

    /// <summary>
    /// Begins a fleet's rate under its policy and the inputs of its first tick: at the monopoly rate, as if half the
    /// slice were asked for.
    /// </summary>
    public void Start(int fleet)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)fleet, (uint)Count, nameof(fleet));
        var capacity = LaneScalar.Load(_capacity, fleet);
        var half = PricingStep.Slices(this, fleet, capacity).Total * LaneScalar.Of(0.5f);
        var logRate = LaneScalar.Load(_leastTarget, fleet);
        PricingStep.Publish(this, fleet, logRate);
        logRate.Store(_target, fleet);
        PricingStep.Interest(half, LaneScalar.Load(_elasticity, fleet), logRate).Store(_interest, fleet);
    }

    /// <summary>The published rate.</summary>
    public Rate RateOf(int fleet) => Rate.FromSteps(RateSteps[fleet]);

    public Rate CeilingOf(int fleet) => Rate.FromSteps(CeilingSteps[fleet]);

    private static int ToSteps(double usdPerGpuHour) =>
        (int)Math.Round(usdPerGpuHour * Rate.StepsPerUsd, MidpointRounding.ToEven);

    /// <summary>The largest float that is not above <paramref name="value"/>.</summary>
    private static float RoundDown(double value)
    {
        var nearest = (float)value;
        return nearest > value ? MathF.BitDecrement(nearest) : nearest;
    }
}
