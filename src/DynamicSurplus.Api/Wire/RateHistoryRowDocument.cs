using DynamicSurplus.Pricing;

namespace DynamicSurplus.Api.Wire;

/// <param name="Tick">From when the rates were in force, until the next row's.</param>
public sealed record RateHistoryRowDocument(
    DateTimeOffset Tick,
    string SpotRate,
    string FirmRate,
    int SpotSliceGpus,
    int FirmSliceGpus,
    bool Frozen
)
{
    public static RateHistoryRowDocument Of(TickRecord record) =>
        new(
            record.Tick.Start,
            record.Spot.ToString(),
            record.FirmRate.ToString(),
            SurplusSlice.Whole(record.Total),
            SurplusSlice.Whole(record.Firm),
            record.Frozen
        );
}
