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

        public StepList Reclaim(int at) =>
            With(
                at,
                (tick, now) =>
                    new LeaseCommand.Reclaim(CommandId.From($"reclaim-{tick}"), now, tick, ReclaimReason.InternalDemand)
            );

        private StepList With(int at, Func<Tick, DateTimeOffset, LeaseCommand> command)
        {
            var now = Start + TimeSpan.FromSeconds(at);
            return this with { Steps = [.. Steps, new(now, Lease, command(Tick.At(now, TickLength), now))] };
        }
    }
}
