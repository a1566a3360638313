using DynamicSurplus.Fleets;

namespace DynamicSurplus.Api.Wire;

/// <summary>
/// A fleet's policy: the members of <see cref="FleetPolicy"/> by their names there, each with the meaning, range and
/// default that it has there. Rates are decimal strings, USD per GPU-hour.
/// </summary>
public sealed record PolicyDocument
{
    public decimal? Floor { get; init; }
    public decimal? Ceiling { get; init; }
    public decimal? Monopoly { get; init; }
    public double? Wall { get; init; }
    public bool? WallEnforced { get; init; }
    public double? EpsilonFirm { get; init; }
    public double? EpsilonSpot { get; init; }
    public double? Decay { get; init; }
    public double? Elasticity { get; init; }
    public double? Beta { get; init; }
    public double? Kappa { get; init; }
    public double? Delta { get; init; }
    public double? Batch { get; init; }
    public double? MeanGpus { get; init; }
    public double? FirmFactor { get; init; }
    public double? NoticeSeconds { get; init; }
    public double? Notice30Factor { get; init; }
    public double? Notice120Factor { get; init; }
    public double? Notice600Factor { get; init; }
    public double? WarnBelowGpus { get; init; }
    public double? MinimumRunSeconds { get; init; }
    public double? QuoteSeconds { get; init; }
    public double? TermMinSeconds { get; init; }
    public double? SpotTermMaxSeconds { get; init; }
    public double? GrantTimeoutSeconds { get; init; }
    public double? ReclaimCoolDownSeconds { get; init; }

    public static PolicyDocument Of(FleetPolicy policy) =>
        new()
        {
            Floor = policy.Floor.UsdPerGpuHour,
            Ceiling = policy.Ceiling.UsdPerGpuHour,
            Monopoly = policy.Monopoly.UsdPerGpuHour,
            Wall = policy.Wall,
            WallEnforced = policy.WallEnforced,
            EpsilonFirm = policy.EpsilonFirm,
            EpsilonSpot = policy.EpsilonSpot,
            Decay = policy.Decay,
            Elasticity = policy.Elasticity,
            Beta = policy.Beta,
            Kappa = policy.Kappa,
            Delta = policy.Delta,
            Batch = policy.Batch,
            MeanGpus = policy.MeanGpus,
            FirmFactor = policy.FirmFactor,
            NoticeSeconds = policy.NoticeSeconds,
            Notice30Factor = policy.Notice30Factor,
            Notice120Factor = policy.Notice120Factor,
            Notice600Factor = policy.Notice600Factor,
            WarnBelowGpus = policy.WarnBelowGpus,
            MinimumRunSeconds = policy.MinimumRunSeconds,
            QuoteSeconds = policy.QuoteSeconds,
            TermMinSeconds = policy.TermMinSeconds,
            SpotTermMaxSeconds = policy.SpotTermMaxSeconds,
            GrantTimeoutSeconds = policy.GrantTimeoutSeconds,
            ReclaimCoolDownSeconds = policy.ReclaimCoolDownSeconds,
        };
}
