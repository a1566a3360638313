namespace DynamicSurplus.Api.Wire;

/// <param name="Unit">Of all rates.</param>
/// <param name="Rates">By tick; the first may be before <paramref name="From"/>: it was in force then.</param>
public sealed record RateHistoryDocument(
    string Fleet,
    DateTimeOffset From,
    DateTimeOffset To,
    string Currency,
    string Unit,
    IReadOnlyList<RateHistoryRowDocument> Rates
);
