using System.Security.Cryptography;

namespace DynamicSurplus.Engine.Steps;

/// <summary>
/// Waits between tries at a contended record: short, doubling, at random, so that rivals do not meet again.
/// </summary>
public static class Backoff
{
    private const int FirstMilliseconds = 4;
    private const int MostMilliseconds = 250;

    /// <summary>1 ms to 8, 16, 32, 64, 128, then 250 ms, any as likely as another.</summary>
    /// <param name="attempt">The one that failed, from 1.</param>
    public static Task AfterAsync(int attempt, CancellationToken cancellationToken)
    {
        var most = Math.Min(MostMilliseconds, FirstMilliseconds << Math.Min(attempt, 8));
        return Task.Delay(RandomNumberGenerator.GetInt32(1, most + 1), cancellationToken);
    }
}
