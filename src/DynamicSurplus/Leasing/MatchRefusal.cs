namespace DynamicSurplus.Leasing;

/// <summary>Why a request cannot be served, and what comes nearest.</summary>
/// <param name="Field">The request's field that nothing meets, by its name in the API.</param>
/// <param name="Alternatives">Nearest first, at most three; perhaps none.</param>
public sealed record MatchRefusal(
    MatchRefusalCode Code,
    string Field,
    string Problem,
    string Fix,
    IReadOnlyList<MatchAlternative> Alternatives
)
{
    /// <summary>It may be met later, as it stands; else never, unless an operator changes a fleet.</summary>
    public bool IsForNow =>
        Code
            is MatchRefusalCode.Closed
                or MatchRefusalCode.Stale
                or MatchRefusalCode.RateAboveMax
                or MatchRefusalCode.NotEnoughGpus;
}
