using System.Globalization;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Tests.Contracts;

/// <summary>Records for the ports, with no member at its default where the name says whole.</summary>
internal static class Example
{
    public const string Unicode = "Ω „ü“ 東京 🛰\t\"\\/#?%";

    public static readonly DateTimeOffset Noon = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TenantId Tenant = TenantId.Parse("acme");
    public static readonly FleetId FleetA = FleetId.Parse("fleet-a");
    public static readonly FleetId FleetB = FleetId.Parse("fleet-b");

    /// <summary>Ordered as the numbers are.</summary>
    public static LeaseId Lease(int number) => LeaseId.Parse(number.ToString("x32", CultureInfo.InvariantCulture));

    /// <summary>Bytes that no text encoding lets through.</summary>
    public static byte[] Bytes(int length, int seed = 0)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Json(string text) => System.Text.Encoding.UTF8.GetBytes($$"""{"text":"{{text}}"}""");

    public static Fleet Fleet(FleetId id) =>
        new(id, "eu-north-1", "H100", "pool", "team", new(), FleetPolicy.Under(Rate.FromUsd(3.25m)), Revision: 1);

    public static Fleet WholeFleet(FleetId id) =>
        new(
            id,
            "eu-north-1",
            "B200",
            "pool-7",
            "research",
            new("infiniband", "slurm", "eu", WorkloadClass.Build),
            new(Rate.FromSteps(1_001), Rate.FromSteps(65_432), Rate.FromSteps(30_003))
            {
                Wall = 0.8,
                WallEnforced = true,
                EpsilonFirm = 0.02,
                EpsilonSpot = 0.3,
                Decay = 0.99,
                Elasticity = 2.5,
                Beta = 1.0 / 30,
                Kappa = 0.2,
                Delta = 0.02,
                Batch = 0.75,
                MeanGpus = 8,
                FirmFactor = 1.5,
                NoticeSeconds = 90,
                MinimumRunSeconds = 500,
                QuoteSeconds = 45,
                TermMinSeconds = 400,
                SpotTermMaxSeconds = 500_000,
                GrantTimeoutSeconds = 700,
                ReclaimCoolDownSeconds = 800,
            },
            new(1_500_000.5, 700.25),
            new(new Uri("https://controller.example/grants?site=1")),
            DemandIncludesLeased: true,
            Paused: true,
            Draining: true,
            Revision: 42,
            new(
                new Uri("https://prometheus.example/north"),
                "sum(healthy{pool=\"Ω\"})",
                "sum(\n  running\n)",
                new string('q', PrometheusSource.MaxQueryLength),
                "avg(watts)"
            )
        );

    public static Reservation Reservation(
        FleetId fleet,
        int lease,
        int gpus = 1,
        ReservationState state = ReservationState.Held
    ) =>
        new(
            fleet,
            Lease(lease),
            Tenant,
            LeaseTier.Spot,
            gpus,
            Rate.FromSteps(14_625),
            TimeSpan.FromSeconds(120),
            TimeSpan.FromSeconds(600),
            LongTerm: false,
            InterruptionProbability: 0.1 + 0.2,
            new Tick(1_785_585_600),
            state
        );

    public static LeaseView View(string tenant, int lease, long version = 1) =>
        new(
            Lease(lease),
            TenantId.Parse(tenant),
            FleetA,
            LeaseTier.Spot,
            LeaseStatus.Held,
            Gpus: 8,
            Rate.FromSteps(14_625),
            HeldAt: Noon,
            GrantedAt: null,
            EndsAt: null,
            EndedAt: null,
            BilledSeconds: null,
            Amount: null,
            Reclaimed: false,
            version,
            LastHash: null
        );

    public static LeaseView WholeView(string tenant, int lease) =>
        new(
            Lease(lease),
            TenantId.Parse(tenant),
            FleetB,
            LeaseTier.Firm,
            LeaseStatus.Settled,
            Gpus: 1_000_000,
            Rate.FromSteps(100_000_000),
            Noon,
            Noon.AddMilliseconds(1),
            Noon.AddHours(1),
            Noon.AddMinutes(59),
            BilledSeconds: 31_536_000,
            new MicroUsd(9_000_000_000_000_000_001),
            Reclaimed: true,
            Version: 9,
            LastHash: new string('a', 64),
            ChangedAt: Noon.AddHours(2)
        );

    public static SampleRefusal Refusal(string fleet, int position, string problem = "is NaN") =>
        new(position, fleet, "running", problem, "send a number");

    /// <summary>A refusal.</summary>
    public static AuditEntry Audit(DateTimeOffset at) =>
        new(
            AuditId.New(at),
            Intent: null,
            Caller: Unicode,
            Role: "operator",
            Action: "PUT /v1/fleets/{fleet}",
            Target: $"/v1/fleets/{Unicode}",
            RequestId: "0HN:1",
            TraceId: null,
            BodySha256: null,
            Status: 403,
            Problem: null
        );

    /// <summary>Published a minute after the one before it.</summary>
    public static FeedEvent Told(int number) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"{Lease(1)}-{number}"),
            "dynamic-surplus.lease.granted",
            Lease(1),
            Noon.AddMinutes(number),
            Json(Unicode)
        );

    public static Webhook Webhook(string tenant, int number)
    {
        var (owner, target) = (TenantId.Parse(tenant), new Uri($"https://hooks.example/{number}?a=%C3%BC"));
        return new(
            WebhookId.For(owner, target),
            owner,
            target,
            EventTypes.Of(["b", "a"]),
            "salt",
            "check",
            Noon,
            new(Cursor: 7)
        );
    }

    public static WebhookProgress WholeProgress() =>
        new(
            Cursor: long.MaxValue,
            Failures: 3,
            Noon.AddMinutes(1),
            Unicode,
            Noon.AddMinutes(2),
            "gone",
            "owner",
            Noon.AddMinutes(3),
            ReplayAfter: 4,
            ReplayUpTo: 5
        );

    public static DeadLetter Letter(int number) =>
        new(new(number, Told(number)), Tries: 10, Unicode, Noon.AddMinutes(number));

    public static StoredAnswer Answer(int status = 201, int bytes = 20) =>
        new(status, "application/json", "/v1/leases/1", Bytes(bytes));

    public static StoredEvent Event(long version, string text = "event") => new(version, Json(text));

    public static PendingEffect Effect(long version, int index, string text = "effect") =>
        new(version, index, Json(text));
}
