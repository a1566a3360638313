using CsCheck;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Tests.Scenarios;

/// <summary>Random life in one fleet: the terms of a few leases, and what is asked of them.</summary>
internal sealed record FleetScript(LeaseTerms[] Leases, ScriptStep[] Steps)
{
    private static readonly Gen<int> Gap = Gen.Frequency(
        (6, Gen.Int[0, 3_000]),
        (3, Gen.Int[0, 60_000]),
        (1, Gen.Int[0, 600_000])
    );

    private static readonly Gen<LeaseTerms> Terms =
        from firm in Gen.Int[0, 3]
        from gpus in Gen.Int[1, 16]
        from termSeconds in Gen.Int[60, 900]
        from rateSteps in Gen.Int[1, 80_000]
        from noticeSeconds in Gen.OneOf(Gen.Const(30), Gen.Const(120), Gen.Const(600))
        from grantTimeoutSeconds in Gen.Int[10, 60]
        from minGpus in Gen.Int[1, 16]
        from capMicroUsd in Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 3_000_000]))
        from coolDownSeconds in Gen.Int[0, 600]
        select new LeaseTerms(
            LeaseWorld.Tenant,
            LeaseWorld.Fleet,
            firm == 0 ? LeaseTier.Firm : LeaseTier.Spot,
            gpus,
            TimeSpan.FromSeconds(termSeconds),
            Rate.FromSteps(rateSteps),
            MaxRate: null,
            TimeSpan.FromSeconds(noticeSeconds),
            MinimumRun: TimeSpan.Zero,
            TimeSpan.FromSeconds(grantTimeoutSeconds),
            MinGpus: firm == 0 || minGpus >= gpus ? null : minGpus,
            SpendCap: capMicroUsd == 0 ? null : new MicroUsd(capMicroUsd),
            ReclaimCoolDown: firm == 0 ? null : TimeSpan.FromSeconds(coolDownSeconds)
        );

    /// <summary>Four leases, and up to 24 steps past their beginnings.</summary>
    public static readonly Gen<FleetScript> Any = Of(leases: 4, steps: 24);

    /// <summary>Two leases and a few steps: for storage that takes a while.</summary>
    public static readonly Gen<FleetScript> Short = Of(leases: 2, steps: 10);

    public override string ToString() =>
        string.Join('\n', Leases.Select(l => $"{l}").Concat(Steps.Select(s => $"{s}")));

    /// <summary>Most leases are held and accepted soon, so that there is something to happen to.</summary>
    private static Gen<FleetScript> Of(int leases, int steps) =>
        from terms in Terms.Array[leases]
        from starts in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 63], Gap).Array[leases]
        from more in Step(leases).Array[4, steps]
        select new FleetScript(terms, [.. starts.Index().SelectMany(Begin), .. more]);

    private static Gen<ScriptStep> Step(int leases) =>
        from action in Gen.Enum<ScriptAction>()
        from lease in Gen.Int[0, leases - 1]
        from size in Gen.Int[0, 63]
        from repeat in Gen.Int[0, 9]
        from gap in Gap
        select new ScriptStep(action, lease, size, repeat == 0, gap);

    private static IEnumerable<ScriptStep> Begin((int Lease, (int Chance, int Size, int Gap) Start) item)
    {
        var (lease, (chance, size, gap)) = item;
        if (chance > 0)
        {
            yield return new(ScriptAction.Hold, lease, size, IsRepeat: false, gap / 10);
            yield return new(ScriptAction.Accept, lease, size, IsRepeat: false, gap / 100);
        }
    }
}
