using System.Collections.Frozen;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Pricing;

/// <summary>Rates and slices of all fleets of a shard at one tick, as customers see them until the next.</summary>
public sealed class RateBook
{
    public static readonly RateBook Empty = new(Tick.None, TickLength.Default, []);

    private readonly FrozenDictionary<FleetId, RateEntry> _byFleet;

    public RateBook(Tick tick, TickLength length, IReadOnlyList<RateEntry> entries)
    {
        Tick = tick;
        Length = length;
        Entries = entries;
        _byFleet = entries.ToFrozenDictionary(entry => entry.Fleet);
    }

    public Tick Tick { get; }

    public TickLength Length { get; }

    /// <summary>In the order of the shard's columns.</summary>
    public IReadOnlyList<RateEntry> Entries { get; }

    public RateEntry? Find(FleetId fleet) => _byFleet.TryGetValue(fleet, out var entry) ? entry : null;
}
