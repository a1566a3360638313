using DynamicSurplus.Measures;

namespace DynamicSurplus.Settlement;

/// <summary>
/// A shard's displaced demand of one billing period, by fleet and owning team. A tick counts for the month in which it
/// starts, whole.
/// </summary>
public sealed class DisplacedBook
{
    private readonly Dictionary<(FleetId Fleet, string Team), DisplacedCost> _entries = [];

    /// <summary>Of the latest tick; null before the first.</summary>
    public BillingPeriod? Period { get; private set; }

    /// <summary>By fleet and team, those alone that were displaced.</summary>
    public IReadOnlyList<DisplacedEntry> Entries =>
        [
            .. _entries
                .Select(entry => new DisplacedEntry(entry.Key.Fleet, entry.Key.Team, entry.Value))
                .OrderBy(entry => entry.Fleet)
                .ThenBy(entry => entry.Team, StringComparer.Ordinal),
        ];

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>A tick of that month has come: where it is another month than the last, the book begins anew.</summary>
    public void Open(BillingPeriod period)
    {
        if (Period != period)
        {
            Period = period;
            _entries.Clear();
        }
    }

    public void Clear() => _entries.Clear();

    public void Add(FleetId fleet, string team, DisplacedCost cost) =>
        _entries[(fleet, team)] = _entries.GetValueOrDefault((fleet, team)) + cost;
}
