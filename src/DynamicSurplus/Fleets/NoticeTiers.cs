namespace DynamicSurplus.Fleets;

/// <summary>The notices that a spot customer can choose, each at the factor of its fleet's policy.</summary>
public static class NoticeTiers
{
    public static readonly TimeSpan HalfMinute = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan TwoMinutes = TimeSpan.FromSeconds(120);
    public static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    /// <summary>In words for error messages.</summary>
    internal const string Words = "30, 120 or 600";

    public static IReadOnlyList<TimeSpan> All { get; } = [HalfMinute, TwoMinutes, TenMinutes];
}
