using DynamicSurplus.Measures;

namespace DynamicSurplus.Pricing;

/// <summary>Rates and slices of all fleets of a shard at one tick, as customers see them until the next.</summary>
public sealed class RateBook(Tick tick, TickLength length, FleetIndex index, RateBookColumns columns)
{
    public static readonly RateBook Empty = new(Tick.None, TickLength.Default, FleetIndex.Empty, new());

    public Tick Tick { get; } = tick;

    public TickLength Length { get; } = length;

    public FleetIndex Index { get; } = index;

    public RateBookColumns Columns { get; } = columns;

    public IEnumerable<RateEntry> Entries => Enumerable.Range(0, Index.Count).Select(EntryAt);

    public RateEntry? Find(FleetId fleet) => Index.IndexOf(fleet) is >= 0 and var place ? EntryAt(place) : null;

    public RateEntry EntryAt(int place) =>
        new(
            Index.Fleets[place],
            Tick,
            Rate.FromSteps(Columns.SpotSteps[place]),
            Rate.FromSteps(Columns.FirmSteps[place]),
            Columns.Capacity[place],
            Columns.ProtectedDemand[place],
            Columns.Running[place],
            Columns.FirmSlice[place],
            Columns.TotalSlice[place],
            Columns.Always[place],
            Columns.TelemetryAt[place] == 0
                ? null
                : DateTimeOffset.FromUnixTimeMilliseconds(Columns.TelemetryAt[place]),
            Columns.Frozen[place],
            Columns.Stale[place],
            Columns.Leased[place],
            Columns.Scores.AsMemory(place * RateEntry.Bins, RateEntry.Bins),
            Columns.Hazard[place]
        );
}
