using DynamicSurplus.Engine.Steps;

namespace DynamicSurplus.Cloud;

/// <summary>Between tries at a record that others change too: at random, longer each time, and not for ever.</summary>
internal static class Contention
{
    /// <summary>At most 7 s, between them.</summary>
    private const int Tries = 32;

    /// <param name="attempt">The one that failed, from 1.</param>
    /// <exception cref="ContendedException">It was the last.</exception>
    public static Task AfterAsync(int attempt, string what, CancellationToken cancellationToken) =>
        attempt < Tries
            ? Backoff.AfterAsync(attempt, cancellationToken)
            : throw new ContendedException($"{what} changed at each of {Tries} tries; try again.");
}
