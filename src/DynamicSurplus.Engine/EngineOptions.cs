using DynamicSurplus.Fleets;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Engine;

/// <summary>
/// What an installation chooses once. Policy times are on the engine's clock, which runs <see cref="Speed"/> times as
/// fast as the wall's.
/// </summary>
/// <remarks>
/// Faster clocks serve demos and replays. People, networks and processors stay as slow as they are, so a few policy
/// times never fall below what they take in wall time.
/// </remarks>
public sealed record EngineOptions
{
    /// <summary>
    /// Shards of the fleets, 1 to 1,024, fixed at the first start. Default 1: enough for 65,536 fleets.
    /// </summary>
    public int ShardCount { get; init; } = 1;

    public TickLength TickLength { get; init; } = TickLength.Default;

    /// <summary>Engine time over wall time, 1 to 10,000. Default 1.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>
    /// Quotes of one tenant that are live at once, 1 to 500. Default 32: a customer compares a dozen fleets in a
    /// minute, a program accepts what it is quoted within a second.
    /// </summary>
    public int LiveQuotes { get; init; } = 32;

    /// <summary>
    /// GPUs that the live quotes of one tenant hold together, 1 to 1,000,000. Default 1,024: 128 nodes of 8, for which
    /// nobody has paid yet.
    /// </summary>
    public int HeldGpus { get; init; } = 1_024;

    /// <summary>
    /// Share of a fleet's market that one tenant's requests count for in the demand estimate, (0, 1]. Default 0.2:
    /// what it can feign by asking moves the rate by 10 % at most. 1, no limit: where a few tenants speak for many.
    /// </summary>
    public double TenantShare { get; init; } = 0.2;

    /// <summary>
    /// Between a quote's expiry and its lapse, so that an acceptance that arrived in time is heard: 5 s.
    /// </summary>
    public TimeSpan LapseGrace => AtLeastWall(TimeSpan.FromSeconds(5), wallSeconds: 5);

    /// <summary>Delivered later than this after the decision, a notice is late: 5 s.</summary>
    public TimeSpan LateNotice => AtLeastWall(TimeSpan.FromSeconds(5), wallSeconds: 5);

    /// <summary>Age of the newest sample past which rate and demand estimate stand still: 3 ticks.</summary>
    public TimeSpan FreezeAfter => AtLeastWall(3 * TickLength.Span, wallSeconds: 2);

    /// <summary>Age of the newest sample past which no new lease is made: 10 ticks.</summary>
    public TimeSpan RefuseAfter => AtLeastWall(10 * TickLength.Span, wallSeconds: 5);

    /// <summary>How far ahead of the clock a sample may be: 2 ticks.</summary>
    public TimeSpan FutureAllowance => AtLeastWall(2 * TickLength.Span, wallSeconds: 2);

    /// <summary>Longest that anything on behalf of one HTTP request takes: 30 s of wall time.</summary>
    public TimeSpan RequestLife => AtLeastWall(TimeSpan.FromSeconds(30), wallSeconds: 30);

    /// <summary>
    /// Longest that one pull of telemetry reads, on the wall: 0.8 of a tick, so that pulls do not overlap; 1 s at the
    /// least.
    /// </summary>
    public TimeSpan PullBudget => TimeSpan.FromSeconds(Math.Max(1, 0.8 * TickLength.Seconds / Speed));

    /// <summary>How old the known list of fleets may be, on the wall: a tick's twentieth, at most 1 s.</summary>
    public TimeSpan CatalogInterval => TimeSpan.FromSeconds(Math.Min(1, TickLength.Seconds / Speed / 20));

    public TimeSpan QuoteLife(FleetPolicy policy) =>
        AtLeastWall(TimeSpan.FromSeconds(policy.QuoteSeconds), wallSeconds: 10);

    /// <summary>A grant may take as long as the policy says, and never less than 10 s of wall time.</summary>
    public TimeSpan GrantTimeout(FleetPolicy policy) =>
        AtLeastWall(TimeSpan.FromSeconds(policy.GrantTimeoutSeconds), wallSeconds: 10);

    private TimeSpan AtLeastWall(TimeSpan policy, double wallSeconds)
    {
        var wall = TimeSpan.FromSeconds(Speed > 1 ? wallSeconds * Speed : 0);
        return policy > wall ? policy : wall;
    }
}
