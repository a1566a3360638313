using DynamicSurplus.Engine.Steps;

namespace DynamicSurplus.Api.Wire;

/// <summary>What all fleets together did since they began, and what each did.</summary>
/// <param name="EffectiveUtilization">(internal GPUs served + leased) / capacity, [0, 1].</param>
/// <param name="InternalUtilization">The same without leases.</param>
/// <param name="Leases">That were ever granted.</param>
/// <param name="Reclaimed">Of these.</param>
/// <param name="Revenue">Of settled leases.</param>
/// <param name="Owed">The same by tenant.</param>
/// <param name="FirmOverrunFleets">
/// Fleets that once had too few GPUs for their own demand and their firm leases.
/// </param>
public sealed record SummaryDocument(
    double EffectiveUtilization,
    double InternalUtilization,
    FleetUseDocument Total,
    int Leases,
    int Reclaimed,
    Money Revenue,
    IReadOnlyList<OwedDocument> Owed,
    IReadOnlyList<string> FirmOverrunFleets,
    IReadOnlyList<FleetUseDocument> Fleets
)
{
    public static SummaryDocument Of(Summary summary) =>
        new(
            summary.EffectiveUtilization,
            summary.InternalUtilization,
            FleetUseDocument.Sum(summary.Fleets),
            summary.Leases,
            summary.Reclaimed,
            Money.Total(summary.Revenue),
            [.. summary.Owed.Select(owed => new OwedDocument(owed.Key.ToString(), Money.Total(owed.Value)))],
            [.. summary.Fleets.Where(use => use.FirmOverrunSeconds > 0).Select(use => use.Fleet.ToString())],
            [.. summary.Fleets.Select(FleetUseDocument.Of)]
        );
}
