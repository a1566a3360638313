using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing.Kernel;
using DynamicSurplus.Risk;
using DynamicSurplus.Settlement;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Pricing;

/// <summary>
/// Everything the model knows of a shard's fleets, in columns: at most 65,536 fleets. Written by the pricing cycle
/// alone.
/// </summary>
public sealed class ShardState(TickLength length)
{
    private readonly Dictionary<string, Tick> _foldedRequests = new(StringComparer.Ordinal);

    public int Count => Index.Count;

    public TickLength Length { get; set; } = length;

    /// <summary>The latest tick that ran; <see cref="Tick.None"/> before the first.</summary>
    public Tick LastTick { get; set; } = Tick.None;

    /// <summary>Seconds that the latest tick accounts for: more than its length after a gap.</summary>
    public long LastTickSeconds { get; set; }

    /// <summary>The directory's stamp that the fleets are of.</summary>
    public long Stamp { get; set; }

    public FleetIndex Index { get; private set; } = FleetIndex.Empty;

    public TelemetryColumns Telemetry { get; } = new();

    public RiskColumns Risk { get; } = new();

    public PricingColumns Pricing { get; } = new();

    public FleetColumns Own { get; } = new();

    /// <summary>Names of the teams that own fleets, by the numbers of <see cref="FleetColumns.Team"/>.</summary>
    public IReadOnlyList<string> Teams { get; set; } = [];

    /// <summary>Displaced demand of the latest tick's month, booked to these teams.</summary>
    public DisplacedBook Displaced { get; } = new();

    /// <summary>
    /// Requests that were counted lately, by key, with the tick that counted them: none counts twice.
    /// </summary>
    public IReadOnlyDictionary<string, Tick> FoldedRequests => _foldedRequests;

    /// <summary>What each tenant has counted for lately.</summary>
    public TenantLoads TenantLoads { get; } = new();

    /// <summary>Gives newcomers a place, takes away those that are gone, and brings every policy up to date.</summary>
    /// <exception cref="InvalidOperationException">More than 65,536.</exception>
    public void Adopt(IReadOnlyCollection<Fleet> fleets)
    {
        var wanted = fleets.Select(fleet => fleet.Id).ToHashSet();
        for (var place = Count - 1; place >= 0; place--)
        {
            if (!wanted.Contains(Index.Fleets[place]))
            {
                Remove(place);
            }
        }
        var newcomers = fleets.Where(fleet => Index.IndexOf(fleet.Id) < 0).ToList();
        foreach (var fleet in newcomers)
        {
            Risk.Add(fleet.Id, RiskPolicy.Of(fleet.Policy));
        }
        if (newcomers.Count > 0)
        {
            Place(Index.With(newcomers.Select(fleet => fleet.Id)));
        }
        foreach (var fleet in fleets)
        {
            Apply(fleet);
        }
        NameTeams(fleets);
    }

    /// <summary>Makes an empty state ready for stored columns of these fleets.</summary>
    public void Restore(FleetIndex index)
    {
        Place(index);
        Risk.Resize(index.Count);
    }

    /// <summary>Every column but the risk model's and those of money, in their stored order.</summary>
    public void Accept(IColumnVisitor visitor)
    {
        Telemetry.Accept(visitor);
        Pricing.Accept(visitor);
        Own.Accept(visitor);
    }

    /// <summary>Folds a batch of samples; fleets that are not of this shard are passed over.</summary>
    public void Fold(SampleColumns batch)
    {
        var places = new int[batch.Fleets.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = Index.IndexOf(batch.Fleets[i]);
        }
        Telemetry.Fold(batch, places);
    }

    /// <summary>
    /// Counts a request's offered load, once and within its tenant's share, and has its fleet's capacity book watched.
    /// </summary>
    /// <param name="key">The request's.</param>
    /// <param name="offeredGpuTicks">0 where its bound was below the posted rate.</param>
    /// <param name="tenantShare">Of the fleet's market that one tenant may count for, (0, 1]; 1: no limit.</param>
    /// <param name="watchUntil">Unix seconds.</param>
    public void Offer(
        FleetId fleet,
        TenantId tenant,
        string key,
        double offeredGpuTicks,
        double tenantShare,
        Tick tick,
        long watchUntil
    )
    {
        var place = Index.IndexOf(fleet);
        if (place >= 0 && _foldedRequests.TryAdd(key, tick))
        {
            Own.Offered[place] +=
                tenantShare >= 1
                    ? offeredGpuTicks
                    : TenantLoads.Count(
                        fleet,
                        tenant,
                        offeredGpuTicks,
                        tick,
                        Length,
                        allowed: tenantShare * MarketOf(place)
                    );
            Own.WatchUntil[place] = Math.Max(Own.WatchUntil[place], watchUntil);
        }
    }

    /// <summary>Takes up what was stored of <see cref="FoldedRequests"/>.</summary>
    public void Remember(string key, Tick tick) => _foldedRequests[key] = tick;

    public void ForgetRequestsBefore(Tick tick)
    {
        foreach (var (key, _) in _foldedRequests.Where(folded => folded.Value < tick).ToList())
        {
            _foldedRequests.Remove(key);
        }
    }

    /// <summary>Begins the sums for reports anew, and books nothing of the ticks so far.</summary>
    public void ForgetUse()
    {
        Own.ForgetUse(Count);
        Displaced.Clear();
        LastTickSeconds = 0;
    }

    /// <summary>What a fleet's capacity book says now.</summary>
    /// <param name="watchUntil">Unix seconds; null: as it is.</param>
    public void SetLeases(int place, CapacityBook book, long? watchUntil)
    {
        Own.Leased[place] = book.Leased;
        Own.LeasedFirm[place] = book.ActiveFirm;
        Own.Hazard[place] = Interruption.Hazard(book.ObservedInterruptions, book.PredictedInterruptions);
        Own.WatchUntil[place] = watchUntil ?? Own.WatchUntil[place];
    }

    /// <summary>What customers see of it.</summary>
    public RateBook Book()
    {
        var columns = new RateBookColumns();
        columns.Accept(new ColumnGrowth(Count));
        for (var i = 0; i < Count; i++)
        {
            var spot = Pricing.RateOf(i);
            columns.SpotSteps[i] = spot.Steps;
            columns.FirmSteps[i] = spot.Times(Own.FirmFactor[i], Pricing.CeilingOf(i)).Steps;
            columns.ProtectedDemand[i] = (float)
                SurplusSlice.Protected(Pricing.Demand[i], Pricing.Capacity[i], Pricing.Wall[i]);
            var others = Own.DemandIncludesLeased[i] ? Own.Leased[i] : 0;
            columns.Running[i] = (float)Math.Max(0, Telemetry.Running[i] - others);
            columns.Always[i] = (1 - Pricing.Wall[i]) * Pricing.Capacity[i];
            columns.TelemetryAt[i] = Telemetry.AtMilliseconds[i];
            columns.Frozen[i] = Pricing.IsFrozen(i);
            columns.Stale[i] = Own.Stale[i];
            columns.Leased[i] = Own.Leased[i];
            columns.Hazard[i] = (float)Own.Hazard[i];
            var weight = Risk.Weight[i];
            for (var bin = 0; weight > 0 && bin < RateEntry.Bins; bin++)
            {
                columns.Scores[(i * RateEntry.Bins) + bin] = (float)(Risk.HistogramOf(i)[bin] / weight);
            }
        }
        Pricing.Capacity.CopyTo(columns.Capacity);
        Pricing.Firm.CopyTo(columns.FirmSlice);
        Pricing.Total.CopyTo(columns.TotalSlice);
        return new(LastTick, Length, Index, columns);
    }

    /// <summary>
    /// GPUs: what the rate is to fill, or what is wanted at it by the estimate, whichever is more. In hours without a
    /// slice, demand is demand all the same.
    /// </summary>
    private double MarketOf(int place)
    {
        double slice = Pricing.Total[place];
        var supply = slice > 0 ? slice / (1 + (Pricing.BatchHeadroom[place] / Math.Sqrt(slice))) : 0;
        double logRate = Pricing.LogRate[place];
        var wanted = Pricing.Interest[place] * Math.Exp(-Pricing.Elasticity[place] * logRate);
        return Math.Max(supply, wanted);
    }

    private void Place(FleetIndex index)
    {
        Index = index;
        Telemetry.Resize(index.Count);
        Pricing.Resize(index.Count);
        Own.Resize(index.Count);
    }

    private void Remove(int place)
    {
        var removal = new ColumnRemoval(place, Count - 1);
        Accept(removal);
        Own.AcceptMoney(removal);
        Risk.RemoveAt(place);
        Place(Index.Without(place));
    }

    private void NameTeams(IReadOnlyCollection<Fleet> fleets)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var fleet in fleets)
        {
            numbers.TryAdd(fleet.Team, numbers.Count);
            Own.Team[Index.IndexOf(fleet.Id)] = numbers[fleet.Team];
        }
        Teams = [.. numbers.Keys];
    }

    private void Apply(Fleet fleet)
    {
        var place = Index.IndexOf(fleet.Id);
        if (Own.Revision[place] == fleet.Revision)
        {
            return;
        }
        Own.Revision[place] = fleet.Revision;
        Own.FirmFactor[place] = fleet.Policy.FirmFactor;
        Own.BudgetWatts[place] = fleet.Power?.BudgetWatts ?? 0;
        Own.WattsPerGpu[place] = fleet.Power?.WattsPerGpu ?? 0;
        Own.Paused[place] = !fleet.IsOpen;
        Own.DemandIncludesLeased[place] = fleet.DemandIncludesLeased;
        Pricing.SetPolicy(place, fleet.Policy);
        Risk.SetPolicy(place, RiskPolicy.Of(fleet.Policy));
        if (!Own.Started[place])
        {
            Pricing.Start(place);
        }
    }
}
