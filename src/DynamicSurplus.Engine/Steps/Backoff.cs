using System.Security.Cryptography;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Waits between tries at a contended record: short, doubling, at random, so that rivals do not meet again.
/// </summary>
internal static class Backoff
{
    private const int FirstMilliseconds = 4;
    private const int MostMilliseconds = 250;

    /// <param name="attempt">From 1.</param>
    public static Task AfterAsync(int attempt, CancellationToken cancellationToken)
    {
        var most = Math.Min(MostMilliseconds, FirstMilliseconds << Math.Min(attempt, 8));
        return Task.Delay(RandomNumberGenerator.GetInt32(1, most + 1), cancellationToken);
    }
}
