using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine.Steps;

/// <summary>A place where what is stored contradicts itself.</summary>
/// <param name="Subject">Such as <c>lease 0123…</c> or <c>fleet north</c>.</param>
/// <param name="Version">Of the lease's event, where it is about one.</param>
/// <param name="What">What differs.</param>
public sealed record Divergence(string Subject, long? Version, string What)
{
    public static Divergence Of(LeaseId lease, long? version, string what) => new($"lease {lease}", version, what);

    public static Divergence Of(FleetId fleet, string what) => new($"fleet {fleet}", null, what);

    public override string ToString() =>
        Version is { } version ? $"{Subject}, event {version}: {What}" : $"{Subject}: {What}";
}
