using DynamicSurplus.Pricing;

namespace DynamicSurplus.Api.Wire;

/// <summary>Why a rate is what it is: all that the tick was told, and all that it made of it.</summary>
/// <param name="Tick">Its start.</param>
/// <param name="Unit">Of both posted rates.</param>
public sealed record ExplanationDocument(
    string Fleet,
    DateTimeOffset Tick,
    int TickSeconds,
    string Currency,
    string Unit,
    string SpotRate,
    string FirmRate,
    TickInputsDocument Inputs,
    TickOutputsDocument Outputs
)
{
    public static ExplanationDocument Of(TickRecord record) =>
        new(
            record.Fleet.ToString(),
            record.Tick.Start,
            record.Length.Seconds,
            Money.Usd,
            Money.UsdPerGpuHour,
            record.Spot.ToString(),
            record.FirmRate.ToString(),
            new(
                record.Capacity,
                record.Demand,
                record.Wall,
                record.MarginFirm,
                record.MarginSpot,
                record.Accepted,
                record.Frozen,
                record.InterestBefore,
                record.LogRateBefore,
                record.Floor,
                record.Ceiling,
                record.Monopoly,
                record.Elasticity,
                record.Beta,
                record.Kappa,
                record.Delta,
                record.Batch,
                record.MeanGpus
            ),
            new(record.Firm, record.Total, record.Interest, record.Target, record.LogRate)
        );
}
