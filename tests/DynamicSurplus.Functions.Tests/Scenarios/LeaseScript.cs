using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Functions.Tests.Scenarios;

/// <summary>
/// What is asked of some leases and when, on the boundaries of ticks: every driver of leases must make the same
/// journals of it. Whoever adds a command, or a rule to the life of a lease, adds it here.
/// </summary>
internal static class LeaseScript
{
    public static readonly DateTimeOffset Start = new(2026, 8, 22, 10, 0, 0, TimeSpan.Zero);
    public static readonly TickLength TickLength = TickLength.FromSeconds(10);
    public static readonly FleetId Fleet = FleetId.Parse("north");

    /// <summary>With the grace of 5 s, a hold lapses on a tick.</summary>
    public static readonly TimeSpan QuoteLife = TimeSpan.FromSeconds(55);

    /// <summary>Until the last tombstone is gone.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(30);

    private static readonly LeaseTerms Spot = new(
        TenantId.Parse("acme"),
        Fleet,
        LeaseTier.Spot,
        Gpus: 4,
        Term: TimeSpan.FromSeconds(300),
        Rate: Rate.FromUsd(2.5m),
        MaxRate: null,
        Notice: TimeSpan.FromSeconds(120),
        MinimumRun: TimeSpan.Zero,
        GrantTimeout: TimeSpan.FromSeconds(600),
        InterruptionProbability: 0.1
    );

    private static readonly LeaseTerms Firm = Spot with
    {
        Tier = LeaseTier.Firm,
        EndsAtLatest = Start + TimeSpan.FromSeconds(200),
        InterruptionProbability = 0,
    };

    /// <summary>1,000 micro-dollars a second: half of the cap after 100 s, all after 200 s.</summary>
    private static readonly LeaseTerms Capped = Spot with
    {
        Gpus = 1,
        Rate = Rate.FromUsd(3.6m),
        SpendCap = new(200_000),
    };

    /// <summary>In the order of their times.</summary>
    public static IReadOnlyList<ScriptStep> Steps { get; } =
    [
        .. Of("its-term", Spot).Hold(0).Accept(10).Steps,
        .. Of("never-accepted", Spot).Hold(0).Steps,
        .. Of("accepted-too-late", Spot).Hold(0).Accept(70).Steps,
        .. Of("accepted-twice", Spot).Hold(0).Accept(10).Accept(20).Accept(30, "another").Steps,
        .. Of("held-twice", Spot).Hold(0).Hold(20).Accept(30).Steps,
        .. Of("unwanted", Spot).Hold(0).End(30).Steps,
        .. Of("ended", Spot).Hold(10).Accept(10).End(120).End(130).Steps,
        .. Of("reclaimed", Spot).Hold(0).Accept(10).Reclaim(100).Reclaim(110).Steps,
        .. Of("left-in-notice", Spot).Hold(0).Accept(10).Reclaim(100).End(150).Steps,
        .. Of("term-before-notice", Spot with { Term = TimeSpan.FromSeconds(150) })
            .Hold(0)
            .Accept(10)
            .Reclaim(100)
            .Steps,
        .. Of("firm", Firm).Hold(0).Accept(10).Reclaim(100).Steps,
        .. Of("reclaimed-in-part", Spot with { MinGpus = 1 }).Hold(0).Accept(10).Reclaim(100, gpus: 3).Steps,
        .. Of("reclaimed-in-part-twice", Spot with { MinGpus = 1, Notice = TimeSpan.FromSeconds(30) })
            .Hold(0)
            .Accept(10)
            .Reclaim(100, gpus: 1)
            .Reclaim(150, gpus: 2)
            .Steps,
        .. Of("withdrawn", Spot with { ReclaimCoolDown = TimeSpan.FromSeconds(60) })
            .Hold(0)
            .Accept(10)
            .Reclaim(100)
            .Rescind(120)
            .Reclaim(130)
            .Reclaim(180)
            .Steps,
        .. Of("drilled", Spot).Hold(0).Accept(10).Drill(50).Steps,
        .. Of("drilled-then-reclaimed", Spot).Hold(0).Accept(10).Drill(50).Reclaim(100).Steps,
        .. Of("renewed", Spot).Hold(0).Accept(10).Renew(100, usd: 2).Renew(400, usd: 3).Steps,
        .. Of("renewed-in-advance", Spot).Hold(0).Accept(10).Renew(100, usd: 2).Renew(110, usd: 3, "again").Steps,
        .. Of("too-dear", Spot with { MaxRate = Rate.FromUsd(2.5m) }).Hold(0).Accept(10).Renew(100, usd: 3).Steps,
        .. Of("renewed-then-shrunk", Spot with { MinGpus = 1 })
            .Hold(0)
            .Accept(10)
            .Renew(100, usd: 2)
            .Reclaim(110, gpus: 3)
            .Steps,
        .. Of("by-itself", Spot with { AutoRenew = true }).Hold(0).Accept(10).Steps,
        .. Of("capped", Capped).Hold(0).Accept(10).Steps,
        .. Of("capped-in-notice", Capped).Hold(0).Accept(10).Reclaim(100).Steps,
        .. Of("warned", Spot).Hold(0).Accept(10).Warn(50).Warn(100).Steps,
        .. Of("failed", Firm).Hold(0).Accept(10).Fail(100).Steps,
        .. Of("corrected", Spot).Hold(0).Accept(10).End(100).Correct(200, 36).Correct(210, -72).Steps,
        .. Of("without-notice", Spot with { Notice = TimeSpan.Zero }).Hold(0).Accept(10).Reclaim(100).Steps,
    ];

    private static StepList Of(string key, LeaseTerms terms) => new(LeaseId.For(terms.Tenant, key), key, terms, []);

    private sealed record StepList(LeaseId Lease, string Key, LeaseTerms Terms, IReadOnlyList<ScriptStep> Steps)
    {
        public StepList Hold(int at) =>
            With(
                at,
                (tick, now) =>
                    new LeaseCommand.Hold(
                        CommandId.From("hold"),
                        now,
                        tick,
                        Terms,
                        now + QuoteLife,
                        now + QuoteLife + TimeSpan.FromSeconds(5),
                        $"hash-{Key}"
                    )
            );

        public StepList Accept(int at, string id = "accept") =>
            With(at, (tick, now) => new LeaseCommand.Accept(CommandId.From(id), now, tick));

        public StepList End(int at) => With(at, (tick, now) => new LeaseCommand.End(CommandId.From("end"), now, tick));

        public StepList Reclaim(int at, int? gpus = null) =>
            With(
                at,
                (tick, now) =>
                    new LeaseCommand.Reclaim(
                        CommandId.From($"reclaim-{tick}"),
                        now,
                        tick,
                        ReclaimReason.InternalDemand,
                        gpus
                    )
            );

        public StepList Rescind(int at) =>
            With(at, (tick, now) => new LeaseCommand.Rescind(CommandId.From($"rescind-{tick}"), now, tick));

        public StepList Drill(int at) =>
            With(at, (tick, now) => new LeaseCommand.Drill(CommandId.From("drill"), now, tick));

        public StepList Renew(int at, decimal usd, string id = "renew") =>
            With(
                at,
                (tick, now) =>
                    new LeaseCommand.Renew(
                        CommandId.From($"{id}-{tick}"),
                        now,
                        tick,
                        Terms.Term,
                        Rate.FromUsd(usd),
                        Start + TimeSpan.FromHours(1)
                    )
            );

        public StepList Warn(int at) =>
            With(at, (tick, now) => new LeaseCommand.Warn(CommandId.From($"warn-{tick}"), now, tick, CushionGpus: 2));

        public StepList Fail(int at) =>
            With(at, (tick, now) => new LeaseCommand.Fail(CommandId.From($"fail-{tick}"), now, tick, "rack 7"));

        public StepList Correct(int at, long gpuSeconds) =>
            With(
                at,
                (tick, now) =>
                    new LeaseCommand.Correct(CommandId.From($"correct-{at}"), now, tick, gpuSeconds, "read late")
            );

        private StepList With(int at, Func<Tick, DateTimeOffset, LeaseCommand> command)
        {
            var now = Start + TimeSpan.FromSeconds(at);
            return this with { Steps = [.. Steps, new(now, Lease, command(Tick.At(now, TickLength), now))] };
        }
    }
}
