using System.Security.Cryptography;

namespace DynamicSurplus.Cloud;

/// <summary>
/// A number that a conditional write leaves in what it writes. Where an answer was lost and the retry meets a conflict,
/// the mark tells its author's own write from a rival's.
/// </summary>
internal static class WriteMark
{
    /// <summary>Above 0; two are never the same (63 random bits).</summary>
    public static long New() =>
        (BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue) | 1;
}
