using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Tests.Leasing;

/// <summary>
/// A lease's usual life: held at 0 s, accepted at 10, granted at 20, reclaimed at 400, noticed at 405, ended, settled.
/// </summary>
internal static class Given
{
    public static readonly DateTimeOffset Start = new(2026, 8, 3, 12, 0, 0, TimeSpan.Zero);
    public static readonly TenantId Tenant = TenantId.Parse("acme");
    public static readonly LeaseId Id = LeaseId.For(Tenant, "key-1");
    public static readonly FleetId Fleet = FleetId.Parse("eu-h100");
    public static readonly Tick Tick = Tick.At(Start, TickLength.Default);

    /// <summary>8 GPUs at 2.5 USD for an hour: spot with 120 s of notice, 600 s to be granted.</summary>
    public static readonly LeaseTerms Spot = new(
        Tenant,
        Fleet,
        LeaseTier.Spot,
        Gpus: 8,
        Term: TimeSpan.FromHours(1),
        Rate: Rate.FromUsd(2.5m),
        MaxRate: null,
        Notice: TimeSpan.FromSeconds(120),
        MinimumRun: TimeSpan.FromMinutes(10),
        GrantTimeout: TimeSpan.FromSeconds(600),
        InterruptionProbability: 0.1
    );

    public static readonly LeaseTerms Firm = Spot with
    {
        Tier = LeaseTier.Firm,
        EndsAtLatest = Start + TimeSpan.FromHours(1),
        InterruptionProbability = 0,
    };

    public static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    public static LeaseCommand.Hold Hold(LeaseTerms? terms = null, string hash = "body", double at = 0) =>
        new(CommandId.From("hold"), At(at), Tick, terms ?? Spot, At(at + 60), At(at + 65), hash);

    public static LeaseCommand.Abandon Abandon(double at) => new(CommandId.From("abandon"), At(at), Tick, Fleet);

    public static LeaseCommand.Accept Accept(double at = 10, string id = "accept") =>
        new(CommandId.From(id), At(at), Tick);

    public static LeaseCommand.ConfirmGrant ConfirmGrant(double at = 20) => new(CommandId.From("grant"), At(at), Tick);

    public static LeaseCommand.RefuseGrant RefuseGrant(double at = 20) =>
        new(CommandId.From("refuse"), At(at), Tick, "no power");

    public static LeaseCommand.Reclaim Reclaim(double at = 400) =>
        new(CommandId.From("reclaim"), At(at), Tick, ReclaimReason.InternalDemand);

    public static LeaseCommand.ConfirmNotice ConfirmNotice(double at = 405) =>
        new(CommandId.From("notice"), At(at), Tick, LateAfter: TimeSpan.FromSeconds(5));

    public static LeaseCommand.Drill Drill(double at) => new(CommandId.From("drill"), At(at), Tick);

    public static LeaseCommand.Rescind Rescind(double at) => new(CommandId.From("rescind"), At(at), Tick);

    /// <summary>Up to two days.</summary>
    public static LeaseCommand.Renew Renew(double at, Rate rate, TimeSpan? term = null) =>
        new(CommandId.From("renew"), At(at), Tick, term ?? TimeSpan.FromHours(1), rate, At(172_800));

    public static LeaseCommand.DeclineRenewal DeclineRenewal(double at) =>
        new(CommandId.From("renew-not"), At(at), Tick, "no room");

    public static LeaseCommand.Warn Warn(double at) => new(CommandId.From("warn"), At(at), Tick, CushionGpus: 3);

    public static LeaseCommand.Fail Fail(double at) => new(CommandId.From("fail"), At(at), Tick, "rack 7");

    public static LeaseCommand.Correct Correct(double at, long gpuSeconds) =>
        new(CommandId.From($"correct-{gpuSeconds}"), At(at), Tick, gpuSeconds, "meter read late");

    public static LeaseCommand.End End(double at) => new(CommandId.From("end"), At(at), Tick);

    public static LeaseCommand.Wake Wake(double at) => new(CommandId.From($"wake-{at}"), At(at), Tick);

    public static LeaseCommand.Settle Settle(double at) => new(CommandId.From("settle"), At(at), Tick);

    public static LeaseTrail Held(LeaseTerms? terms = null) => new LeaseTrail(Id).After(Hold(terms));

    public static LeaseTrail Granting(LeaseTerms? terms = null) => Held(terms).After(Accept());

    public static LeaseTrail Active(LeaseTerms? terms = null) => Granting(terms).After(ConfirmGrant());

    public static LeaseTrail Reclaiming() => Active().After(Reclaim());

    public static LeaseTrail InNotice() => Reclaiming().After(ConfirmNotice());

    public static LeaseTrail InPart() =>
        Active(Spot with { MinGpus = 2 }).After(Reclaim() with { Gpus = 5 }).After(ConfirmNotice());

    public static LeaseTrail Drilling() => Active().After(Drill(at: 400)).After(ConfirmNotice());

    public static LeaseTrail Ended() => Active().After(End(at: 500));

    public static LeaseTrail Settled() => Ended().After(Settle(at: 501));
}
