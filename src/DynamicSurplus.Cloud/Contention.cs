using System.Security.Cryptography;
using DynamicSurplus.Engine.Steps;

namespace DynamicSurplus.Cloud;

/// <summary>Between tries at a record that others change too: at random, longer each time, and not for ever.</summary>
internal static class Contention
{
    private const int Tries = 32;
    private const int FirstMilliseconds = 2;
    private const int MostMilliseconds = 100;

    /// <param name="attempt">The one that failed, from 1.</param>
    /// <exception cref="ContendedException">It was the last.</exception>
    public static Task AfterAsync(int attempt, string what, CancellationToken cancellationToken)
    {
        if (attempt >= Tries)
        {
            throw new ContendedException($"{what} changed at each of {Tries} tries; try again.");
        }
        var most = Math.Min(MostMilliseconds, FirstMilliseconds << Math.Min(attempt, 8));
        return Task.Delay(RandomNumberGenerator.GetInt32(1, most + 1), cancellationToken);
    }
}
