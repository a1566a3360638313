using DynamicSurplus.Measures;

namespace DynamicSurplus.Pricing;

/// <summary>
/// Which fleet stands at which place of a shard's columns. Immutable: books share it until a fleet comes or goes.
/// </summary>
public sealed class FleetIndex
{
    public static readonly FleetIndex Empty = new([]);

    private readonly FleetId[] _fleets;
    private readonly Dictionary<FleetId, int> _places;

    /// <exception cref="ArgumentException">A fleet stands twice.</exception>
    public FleetIndex(FleetId[] fleets)
    {
        _fleets = fleets;
        _places = new(fleets.Length);
        for (var i = 0; i < fleets.Length; i++)
        {
            _places.Add(fleets[i], i);
        }
    }

    public int Count => _fleets.Length;

    public ReadOnlySpan<FleetId> Fleets => _fleets;

    /// <summary>The fleet's place, or −1.</summary>
    public int IndexOf(FleetId fleet) => _places.GetValueOrDefault(fleet, -1);

    public FleetIndex With(IEnumerable<FleetId> newcomers) => new([.. _fleets, .. newcomers]);

    /// <summary>Without one, whose place the last takes.</summary>
    public FleetIndex Without(int place)
    {
        var fleets = _fleets[..^1];
        if (place < fleets.Length)
        {
            fleets[place] = _fleets[^1];
        }
        return new(fleets);
    }
}
