using DynamicSurplus.Measures;
using DynamicSurplus.Risk;

namespace DynamicSurplus.Tests.Risk;

/// <summary>A shard of one fleet, driven by tick index.</summary>
internal sealed class OneFleet
{
    /// <summary>A tick index at which a block of phase 0 begins.</summary>
    public const long Origin = 15 * 2_000_000;

    private readonly ReferenceRiskModel _model = new();

    public OneFleet(RiskPolicy policy, int phase = 0) => Columns.Add(WithPhase(phase), policy);

    public RiskColumns Columns { get; } = new();

    public double MarginFirm => Columns.MarginFirm[0];

    public double MarginSpot => Columns.MarginSpot[0];

    public static FleetId WithPhase(int phase) =>
        Enumerable
            .Range(0, 10_000)
            .Select(i => FleetId.Parse($"fleet-{i}"))
            .First(id => id.Hash % RiskBlock.Ticks == (uint)phase);

    public void Advance(long index, double free, double capacity = 100, bool trusted = true) =>
        _model.Advance(Columns, new Tick(index * 60), TickLength.Default, [free], [capacity], [trusted]);
}
