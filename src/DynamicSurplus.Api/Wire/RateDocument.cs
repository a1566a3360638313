using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;

namespace DynamicSurplus.Api.Wire;

/// <summary>A fleet's rates and slice at its latest tick.</summary>
/// <param name="Tick">Start of the tick that set them.</param>
/// <param name="ValidUntil">Start of the next.</param>
/// <param name="Unit">Of both rates.</param>
/// <param name="Open">Sells new leases, as far as its operator is concerned.</param>
/// <param name="Stale">Its telemetry is too old for new leases.</param>
/// <param name="Frozen">Its rate stands still: stale telemetry, paused, or no capacity.</param>
/// <param name="LeasedGpus">With customers' work on them when the tick ran.</param>
public sealed record RateDocument(
    string Fleet,
    string Region,
    string Sku,
    AttributesDocument Attributes,
    DateTimeOffset Tick,
    DateTimeOffset ValidUntil,
    string Currency,
    string Unit,
    TierDocument Spot,
    TierDocument Firm,
    int LeasedGpus,
    bool Open,
    bool Stale,
    bool Frozen,
    DateTimeOffset? TelemetryAt
)
{
    public static RateDocument Of(Fleet fleet, in RateEntry entry, TickLength length) =>
        new(
            fleet.Id.ToString(),
            fleet.Region,
            fleet.Sku,
            AttributesDocument.Of(fleet.Attributes),
            entry.Tick.Start,
            entry.Tick.Plus(1, length).Start,
            Money.Usd,
            Money.UsdPerGpuHour,
            new(entry.Spot.ToString(), SurplusSlice.Whole(entry.TotalSlice)),
            new(entry.Firm.ToString(), SurplusSlice.Whole(entry.FirmSlice)),
            entry.Leased,
            fleet.IsOpen,
            entry.Stale,
            entry.Frozen,
            entry.TelemetryAt
        );
}
