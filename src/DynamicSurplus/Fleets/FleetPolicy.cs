using DynamicSurplus.Measures;

namespace DynamicSurplus.Fleets;

/// <summary>
/// The owner's knobs for one fleet. Each has a range, a default and the reason for it; <see cref="Validate"/> holds the
/// ranges. Rates are USD per GPU-hour.
/// </summary>
/// <param name="Floor">
/// The least rate, above 0 and at most the ceiling. Default 0.15 × ceiling: below it power costs more.
/// </param>
/// <param name="Ceiling">
/// The highest rate. Default: the SKU's on-demand rate, past which a customer buys elsewhere.
/// </param>
/// <param name="Monopoly">
/// The rate that earns most from an empty fleet, kept as the least target. Default 0.45 × ceiling: err high, a low rate
/// sells out cheaply and cannot be taken back.
/// </param>
public sealed record FleetPolicy(Rate Floor, Rate Ceiling, Rate Monopoly)
{
    /// <summary>
    /// Efficiency wall, share of capacity, (0, 1]. Default 0.85: past it one's own use costs more than it earns.
    /// </summary>
    public double Wall { get; init; } = 0.85;

    /// <summary>
    /// The owner's scheduler is told to serve its own demand only up to the wall. Default false: a yardstick in
    /// reports.
    /// </summary>
    public bool WallEnforced { get; init; }

    /// <summary>Share of blocks in which firm GPUs may be short, [0.001, 0.2]. Default 0.01.</summary>
    public double EpsilonFirm { get; init; } = 0.01;

    /// <summary>
    /// The same for spot, [epsilonFirm, 1]; 1: no margin. Default 0.5: a spot margin costs revenue, a reclaim only
    /// notice.
    /// </summary>
    public double EpsilonSpot { get; init; } = 0.50;

    /// <summary>
    /// Ageing of the score histogram per block, [0.9, 1). Default 0.99875: half is forgotten in about six days.
    /// </summary>
    public double Decay { get; init; } = 0.99875;

    /// <summary>
    /// Of outside demand to the rate, (0, 20]. Default 3: the upper end of belief keeps the loop free of overshoot.
    /// </summary>
    public double Elasticity { get; init; } = 3;

    /// <summary>Weight of the last tick in the demand estimate, (0, 1]. Default 1/60: an hour of ticks.</summary>
    public double Beta { get; init; } = 1.0 / 60;

    /// <summary>Share of the gap to the target that a tick closes, (0, 1]. Default 0.3.</summary>
    public double Kappa { get; init; } = 0.3;

    /// <summary>Most that ln(rate) moves in a tick, (0, 1]. Default 0.01: the volatility promise, 1 % a tick.</summary>
    public double Delta { get; init; } = 0.01;

    /// <summary>Head-room for requests that come in lumps, [0, 4]. Default 0.5 standard deviations.</summary>
    public double Batch { get; init; } = 0.5;

    /// <summary>Mean GPUs of a request, [1, 4096]. Default 4.</summary>
    public double MeanGpus { get; init; } = 4;

    /// <summary>Firm rate / spot rate, [1, 10]. Default 1.25; the firm rate never passes the ceiling.</summary>
    public double FirmFactor { get; init; } = 1.25;

    /// <summary>Promised between a reclaim notice and the forced end, 0 to 86,400 s. Default 120.</summary>
    public int NoticeSeconds { get; init; } = 120;

    /// <summary>
    /// What 30 s of notice weigh in a spot lease's rate, beside the fleet's own notice, [0.1, 10]. Default 0.95: work
    /// that needs no time to save
    /// itself is the owner's best cushion.
    /// </summary>
    public double Notice30Factor { get; init; } = 0.95;

    /// <summary>The same with 120 s, [notice30Factor, 10]. Default 1: the usual promise.</summary>
    public double Notice120Factor { get; init; } = 1;

    /// <summary>
    /// The same with 10 min, [notice120Factor, 10]. Default 1.1: such leases yield last, when the owner has waited.
    /// </summary>
    public double Notice600Factor { get; init; } = 1.1;

    /// <summary>
    /// A spot lease's customer is warned when fewer GPUs than this are left before notices go out, 0 to 1,000,000;
    /// 0: never. Default 4: the mean request.
    /// </summary>
    public int WarnBelowGpus { get; init; } = 4;

    /// <summary>
    /// A lease younger than this is reclaimed only if older ones do not suffice, 0 to 86,400 s. Default 600.
    /// </summary>
    public int MinimumRunSeconds { get; init; } = 600;

    /// <summary>Life of a quote, 5 to 3,600 s. Default 60.</summary>
    public int QuoteSeconds { get; init; } = 60;

    /// <summary>Shortest term of either tier, 60 s to 86,400 s. Default 300.</summary>
    public int TermMinSeconds { get; init; } = 300;

    /// <summary>Longest spot term, termMinSeconds to 31,536,000 s. Default 604,800: seven days.</summary>
    public int SpotTermMaxSeconds { get; init; } = 604_800;

    /// <summary>
    /// Longest a grant may stay unconfirmed before the lease ends uncharged, 10 to 86,400 s. Default 600.
    /// </summary>
    public int GrantTimeoutSeconds { get; init; } = 600;

    /// <summary>
    /// No second notice to a lease whose notice was rescinded this recently, 0 to 86,400 s. Default 600.
    /// </summary>
    public int ReclaimCoolDownSeconds { get; init; } = 600;

    /// <summary>The wall as the model uses it: 1 where it is not enforced.</summary>
    public double EffectiveWall => WallEnforced ? Wall : 1.0;

    /// <summary>
    /// What the rate with a notice is of the posted one, which is for the fleet's own notice: 1 for that. A notice that
    /// is none of <see cref="NoticeTiers"/> weighs 1.
    /// </summary>
    public double NoticeFactor(TimeSpan notice) => Weight(notice) / Weight(TimeSpan.FromSeconds(NoticeSeconds));

    /// <summary>Every knob at its default under a ceiling.</summary>
    public static FleetPolicy Under(Rate ceiling) =>
        new(Rate.FromUsd(0.15m * ceiling.UsdPerGpuHour), ceiling, Rate.FromUsd(0.45m * ceiling.UsdPerGpuHour));

    private double Weight(TimeSpan notice) =>
        notice == NoticeTiers.HalfMinute ? Notice30Factor
        : notice == NoticeTiers.TwoMinutes ? Notice120Factor
        : notice == NoticeTiers.TenMinutes ? Notice600Factor
        : 1;

    /// <summary>Every knob that is out of its range, by its name in the API.</summary>
    public IReadOnlyList<FieldError> Validate()
    {
        var errors = new List<FieldError>();
        if (Floor.Steps < 1)
        {
            errors.Add(new("policy.floor", $"{Floor} is not above 0", "give at least 0.0001 USD per GPU-hour"));
        }
        if (Floor > Ceiling)
        {
            errors.Add(
                new("policy.floor", $"{Floor} is above the ceiling {Ceiling}", "lower the floor or raise the ceiling")
            );
        }
        if (Monopoly.Steps < 1)
        {
            errors.Add(new("policy.monopoly", $"{Monopoly} is not above 0", "give at least 0.0001 USD per GPU-hour"));
        }
        Require("wall", Wall, above: 0, most: 1);
        Require("epsilonFirm", EpsilonFirm, least: 0.001, most: 0.2);
        Require("epsilonSpot", EpsilonSpot, least: EpsilonFirm, most: 1);
        Require("decay", Decay, least: 0.9, below: 1);
        Require("elasticity", Elasticity, above: 0, most: 20);
        Require("beta", Beta, above: 0, most: 1);
        Require("kappa", Kappa, above: 0, most: 1);
        Require("delta", Delta, above: 0, most: 1);
        Require("batch", Batch, least: 0, most: 4);
        Require("meanGpus", MeanGpus, least: 1, most: 4096);
        Require("firmFactor", FirmFactor, least: 1, most: 10);
        Require("noticeSeconds", NoticeSeconds, least: 0, most: 86_400);
        Require("notice30Factor", Notice30Factor, least: 0.1, most: 10);
        Require("notice120Factor", Notice120Factor, least: Notice30Factor, most: 10);
        Require("notice600Factor", Notice600Factor, least: Notice120Factor, most: 10);
        Require("warnBelowGpus", WarnBelowGpus, least: 0, most: 1_000_000);
        Require("minimumRunSeconds", MinimumRunSeconds, least: 0, most: 86_400);
        Require("quoteSeconds", QuoteSeconds, least: 5, most: 3_600);
        Require("termMinSeconds", TermMinSeconds, least: 60, most: 86_400);
        Require("spotTermMaxSeconds", SpotTermMaxSeconds, least: TermMinSeconds, most: 31_536_000);
        Require("grantTimeoutSeconds", GrantTimeoutSeconds, least: 10, most: 86_400);
        Require("reclaimCoolDownSeconds", ReclaimCoolDownSeconds, least: 0, most: 86_400);
        return errors;

        void Require(
            string knob,
            double value,
            double above = double.NegativeInfinity,
            double least = double.NegativeInfinity,
            double below = double.PositiveInfinity,
            double most = double.PositiveInfinity
        )
        {
            // Written so that NaN, for which every comparison is false, is refused too.
            if (!(value > above && value >= least && value < below && value <= most))
            {
                var from = double.IsNegativeInfinity(above) ? $"[{least}" : $"({above}";
                var to = double.IsPositiveInfinity(below) ? $"{most}]" : $"{below})";
                errors.Add(new($"policy.{knob}", $"{value} is outside {from}, {to}", $"give a number in {from}, {to}"));
            }
        }
    }
}
