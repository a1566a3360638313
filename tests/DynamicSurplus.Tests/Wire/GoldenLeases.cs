using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Tests.Wire;

/// <summary>Events and effects of every case, and the bytes that journals hold of them.</summary>
internal static class GoldenLeases
{
    public static readonly DateTimeOffset Noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly LeaseTerms FirmTerms = new(
        TenantId.Parse("acme"),
        FleetId.Parse("eu-north-1-h100"),
        LeaseTier.Firm,
        Gpus: 16,
        Term: TimeSpan.FromHours(1),
        Rate.FromSteps(18_281),
        MaxRate: Rate.FromSteps(20_000),
        Notice: TimeSpan.FromSeconds(120),
        MinimumRun: TimeSpan.FromSeconds(600),
        GrantTimeout: TimeSpan.FromSeconds(601),
        EndsAtLatest: Noon.AddHours(1),
        LongTerm: true,
        InterruptionProbability: 0.125,
        WorkloadClass.Build
    );

    public static readonly LeaseTerms SpotTerms = new(
        TenantId.Parse("acme"),
        FleetId.Parse("eu-north-1-h100"),
        LeaseTier.Spot,
        Gpus: 1,
        Term: TimeSpan.FromSeconds(300),
        Rate.FromSteps(14_625),
        MaxRate: null,
        Notice: TimeSpan.Zero,
        MinimumRun: TimeSpan.Zero,
        GrantTimeout: TimeSpan.FromSeconds(10)
    );

    private static readonly StatementLine Usage = new(
        StatementLineKind.Usage,
        Rate.FromSteps(100),
        8,
        Noon.AddMinutes(-1),
        Noon,
        60,
        new(1_333)
    );

    private static readonly StatementLine Credit = new(
        StatementLineKind.Credit,
        Rate.FromSteps(100),
        8,
        Noon,
        Noon,
        120,
        new(-333),
        "late"
    );

    /// <summary>
    /// What is stored for ever: a change here that is more than a new line breaks every journal there is.
    /// </summary>
    public static readonly (LeaseEvent Event, string Stored)[] Events =
    [
        (
            new LeaseEvent.Held(
                Noon,
                FirmTerms,
                Noon.AddSeconds(60),
                Noon.AddMilliseconds(65_250),
                new string('a', 64)
            ),
            """
            {"type":"held","terms":{"tenant":"acme","fleet":"eu-north-1-h100","tier":"firm","gpus":16,
            "termSeconds":3600,"rateSteps":18281,"maxRateSteps":20000,"noticeSeconds":120,"minimumRunSeconds":600,
            "grantTimeoutSeconds":601,
            "endsAtLatest":"2026-08-01T13:00:00.000Z","longTerm":true,"interruptionProbability":0.125,
            "workloadClass":"build"},"expiresAt":"2026-08-01T12:01:00.000Z","lapsesAt":"2026-08-01T12:01:05.250Z",
            "requestHash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (
            new LeaseEvent.Held(Noon, SpotTerms, Noon, Noon.AddTicks(1), ""),
            """
            {"type":"held","terms":{"tenant":"acme","fleet":"eu-north-1-h100","tier":"spot","gpus":1,"termSeconds":300,
            "rateSteps":14625,"maxRateSteps":null,"noticeSeconds":0,"minimumRunSeconds":0,"grantTimeoutSeconds":10,
            "longTerm":false,"interruptionProbability":0,"workloadClass":"model"},
            "expiresAt":"2026-08-01T12:00:00.000Z",
            "lapsesAt":"2026-08-01T12:00:00.0000001Z","requestHash":"","at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (new LeaseEvent.Lapsed(Noon), """{"type":"lapsed","at":"2026-08-01T12:00:00.000Z"}"""),
        (
            new LeaseEvent.Lapsed(Noon, FleetId.Parse("eu-north-1-h100")),
            """{"type":"lapsed","abandoned":"eu-north-1-h100","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (new LeaseEvent.Accepted(Noon), """{"type":"accepted","at":"2026-08-01T12:00:00.000Z"}"""),
        (
            new LeaseEvent.Granted(Noon, Noon.AddHours(1)),
            """{"type":"granted","endsAt":"2026-08-01T13:00:00.000Z","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.ReclaimDecided(Noon, ReclaimReason.InternalDemand, 16),
            """{"type":"reclaim-decided","reason":"internal-demand","gpus":16,"at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.NoticeSent(Noon, ReclaimReason.CapacityLost, 16, Noon.AddMinutes(2)),
            """
            {"type":"notice-sent","reason":"capacity-lost","gpus":16,"deadline":"2026-08-01T12:02:00.000Z",
            "at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (
            new LeaseEvent.Ended(Noon, EndReason.TermOver),
            """{"type":"ended","reason":"term-over","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.Ended(Noon, EndReason.EndedByCustomer),
            """{"type":"ended","reason":"ended-by-customer","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.Ended(Noon, EndReason.Reclaimed),
            """{"type":"ended","reason":"reclaimed","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.Ended(Noon, EndReason.NotGranted, "rack 7"),
            """{"type":"ended","reason":"not-granted","detail":"rack 7","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.Settled(Noon, 3_540, new(28_761_234)),
            """{"type":"settled","billedSeconds":3540,"amountMicroUsd":28761234,"at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.Settled(Noon, 60, new(1_000), new ValueList<StatementLine>([Usage, Credit])),
            """
            {"type":"settled","billedSeconds":60,"amountMicroUsd":1000,
            "lines":[{"kind":"usage","rateSteps":100,"gpus":8,"from":"2026-08-01T11:59:00.000Z",
            "to":"2026-08-01T12:00:00.000Z","seconds":60,"amountMicroUsd":1333},
            {"kind":"credit","rateSteps":100,"gpus":8,"from":"2026-08-01T12:00:00.000Z",
            "to":"2026-08-01T12:00:00.000Z","seconds":120,"amountMicroUsd":-333,"detail":"late"}],
            "at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (
            new LeaseEvent.ReclaimDecided(Noon, ReclaimReason.Drill, 16, Drill: true),
            """{"type":"reclaim-decided","reason":"drill","gpus":16,"drill":true,"at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.NoticeSent(Noon, ReclaimReason.OperatorRequest, 16, Noon.AddMinutes(2), Drill: true),
            """
            {"type":"notice-sent","reason":"operator-request","gpus":16,"deadline":"2026-08-01T12:02:00.000Z",
            "drill":true,"at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (
            new LeaseEvent.Rescinded(Noon, RescindReason.DemandFell, Noon.AddMinutes(10)),
            """
            {"type":"rescinded","reason":"demand-fell","coolDownUntil":"2026-08-01T12:10:00.000Z",
            "at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (
            new LeaseEvent.Rescinded(Noon, RescindReason.DrillOver),
            """{"type":"rescinded","reason":"drill-over","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (new LeaseEvent.Shrunk(Noon, 5), """{"type":"shrunk","gpus":5,"at":"2026-08-01T12:00:00.000Z"}"""),
        (
            new LeaseEvent.Renewed(Noon, Noon.AddMinutes(1), Noon.AddHours(1), Rate.FromSteps(15_000)),
            """
            {"type":"renewed","from":"2026-08-01T12:01:00.000Z","endsAt":"2026-08-01T13:00:00.000Z",
            "rateSteps":15000,"at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (
            new LeaseEvent.NotRenewed(Noon, "too dear"),
            """{"type":"not-renewed","detail":"too dear","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.SpendReached(Noon, 80),
            """{"type":"spend-reached","percent":80,"at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.CushionLow(Noon, 3),
            """{"type":"cushion-low","cushionGpus":3,"at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.Credited(Noon, CreditReason.LateNotice, Rate.FromSteps(100), 8, 120, new(2_667)),
            """
            {"type":"credited","reason":"late-notice","rateSteps":100,"gpus":8,"seconds":120,"amountMicroUsd":2667,
            "at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (
            new LeaseEvent.Credited(Noon, CreditReason.FirmFailed, Rate.FromSteps(100), 8, 120, new(2_667)),
            """
            {"type":"credited","reason":"firm-failed","rateSteps":100,"gpus":8,"seconds":120,"amountMicroUsd":2667,
            "at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (
            new LeaseEvent.Corrected(Noon, -36, Rate.FromSteps(100), new(-100), "left early"),
            """
            {"type":"corrected","gpuSeconds":-36,"rateSteps":100,"amountMicroUsd":-100,"detail":"left early",
            "at":"2026-08-01T12:00:00.000Z"}
            """
        ),
        (
            new LeaseEvent.Ended(Noon, EndReason.FirmFailed, "rack 7"),
            """{"type":"ended","reason":"firm-failed","detail":"rack 7","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEvent.Ended(Noon, EndReason.SpendCap),
            """{"type":"ended","reason":"spend-cap","at":"2026-08-01T12:00:00.000Z"}"""
        ),
    ];

    public static readonly (LeaseEffect Effect, string Stored)[] Effects =
    [
        (new LeaseEffect.ScheduleWake(Noon), """{"type":"schedule-wake","at":"2026-08-01T12:00:00.000Z"}"""),
        (new LeaseEffect.Grant(), """{"type":"grant"}"""),
        (new LeaseEffect.Revoke(), """{"type":"revoke"}"""),
        (new LeaseEffect.Notify(), """{"type":"notify"}"""),
        (
            new LeaseEffect.MoveReservation(ReservationState.Held, Noon),
            """{"type":"move-reservation","to":"held","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEffect.MoveReservation(ReservationState.Active, Noon),
            """{"type":"move-reservation","to":"active","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEffect.MoveReservation(ReservationState.InNotice, Noon),
            """{"type":"move-reservation","to":"in-notice","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEffect.MoveReservation(ReservationState.Released, Noon),
            """{"type":"move-reservation","to":"released","at":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEffect.ForgetReservation(Noon),
            """{"type":"forget-reservation","notBefore":"2026-08-01T12:00:00.000Z"}"""
        ),
        (
            new LeaseEffect.MoveReservation(
                ReservationState.Active,
                Noon,
                Gpus: 5,
                InNoticeGpus: 3,
                Rate.FromSteps(100),
                Noon.AddMinutes(10)
            ),
            """
            {"type":"move-reservation","to":"active","at":"2026-08-01T12:00:00.000Z","gpus":5,"inNoticeGpus":3,
            "rateSteps":100,"coolDownUntil":"2026-08-01T12:10:00.000Z"}
            """
        ),
        (new LeaseEffect.Resize(5), """{"type":"resize","gpus":5}"""),
        (new LeaseEffect.Settle(), """{"type":"settle"}"""),
        (new LeaseEffect.RefreshView(), """{"type":"refresh-view"}"""),
        (new LeaseEffect.Publish(), """{"type":"publish"}"""),
    ];
}
