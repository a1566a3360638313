using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing.Kernel;
using DynamicSurplus.Risk;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Pricing;

/// <summary>Everything the model knows of a shard's fleets, in columns: at most 65,536 fleets. Written by the pricing cycle alone.</summary>
public sealed class ShardState(TickLength length)
{
    public const int MaxFleets = 65_536;

    public int Count => Index.Count;

    public TickLength Length { get; } = length;

    /// <summary>The latest tick that ran; <see cref="Tick.None"/> before the first.</summary>
    public Tick LastTick { get; set; } = Tick.None;

    /// <summary>The directory's stamp that the fleets are of.</summary>
    public long Stamp { get; set; }

    public FleetIndex Index { get; private set; } = FleetIndex.Empty;

    public TelemetryColumns Telemetry { get; } = new();

    public RiskColumns Risk { get; } = new();

    public PricingColumns Pricing { get; } = new();

    public FleetColumns Own { get; } = new();

    /// <summary>Gives newcomers a place, takes away those that are gone, and brings every policy up to date.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxFleets"/>.</exception>
    public void Adopt(IReadOnlyCollection<Fleet> fleets)
    {
        if (fleets.Count > MaxFleets)
        {
            throw new ArgumentException($"A shard holds at most {MaxFleets} fleets, not {fleets.Count}.", nameof(fleets));
        }
        var wanted = fleets.Select(fleet => fleet.Id).ToHashSet();
        for (var place = Count - 1; place >= 0; place--)
        {
            if (!wanted.Contains(Index.Fleets[place]))
            {
                Remove(place);
            }
        }
        var newcomers = fleets.Select(fleet => fleet.Id).Where(id => Index.IndexOf(id) < 0).ToList();
        if (newcomers.Count > 0)
        {
            Restore(Index.With(newcomers));
        }
        foreach (var fleet in fleets)
        {
            Apply(fleet);
        }
    }

    /// <summary>Sets who stands where, with columns of that many fleets; places that were there keep what they hold.</summary>
    public void Restore(FleetIndex index)
    {
        Index = index;
        Telemetry.Resize(index.Count);
        Risk.Resize(index.Count);
        Pricing.Resize(index.Count);
        Own.Resize(index.Count);
    }

    /// <summary>Every column in its stored order.</summary>
    public void Accept(IColumnVisitor visitor)
    {
        Telemetry.Accept(visitor);
        Risk.Accept(visitor);
        Pricing.Accept(visitor);
        Own.Accept(visitor);
    }

    private void Remove(int place)
    {
        Accept(new ColumnRemoval(place, Count - 1));
        Restore(Index.Without(place));
    }

    private void Apply(Fleet fleet)
    {
        var place = Index.IndexOf(fleet.Id);
        if (Own.Revision[place] == fleet.Revision)
        {
            return;
        }
        var isNew = Own.Revision[place] == 0;
        Own.Revision[place] = fleet.Revision;
        Own.FirmFactor[place] = fleet.Policy.FirmFactor;
        Own.BudgetWatts[place] = fleet.Power?.BudgetWatts ?? 0;
        Own.WattsPerGpu[place] = fleet.Power?.WattsPerGpu ?? 0;
        Own.Paused[place] = !fleet.IsOpen;
        Own.DemandIncludesLeased[place] = fleet.DemandIncludesLeased;
        Pricing.SetPolicy(place, fleet.Policy);
        Risk.SetPolicy(place, fleet.Policy, fleet.Id.Hash, isNew);
    }
}
