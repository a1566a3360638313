namespace DynamicSurplus.Api.Access;

/// <summary>How many requests are served: so many a minute, and a few at once that were not used before.</summary>
/// <param name="PerMinute">1 to 6,000,000.</param>
public sealed record RequestBudget(int PerMinute)
{
    public const int MostPerMinute = 6_000_000;

    /// <summary>Requests at once after a rest. Default: six seconds' worth, at least 1.</summary>
    public int Burst { get; init; } = Math.Max(1, PerMinute / 10);
}
