using System.Collections.Frozen;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Fleets;

/// <summary>
/// On-demand medians, USD per GPU-hour, August 2026: where a fleet of a known SKU states no ceiling, this is its
/// ceiling. A seed for a policy, never a constant of the model.
/// </summary>
public static class SkuCatalog
{
    private static readonly FrozenDictionary<string, Rate> OnDemand = new Dictionary<string, Rate>(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["H100"] = Rate.FromUsd(3.25m),
        ["H200"] = Rate.FromUsd(4.49m),
        ["B200"] = Rate.FromUsd(6.69m),
        ["B300"] = Rate.FromUsd(7.85m),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The default ceiling, or null where the SKU is unknown and its operator must state one.</summary>
    public static Rate? DefaultCeiling(string sku) => OnDemand.TryGetValue(sku, out var rate) ? rate : null;
}
