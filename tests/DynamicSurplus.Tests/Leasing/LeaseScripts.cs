using CsCheck;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Tests.Leasing;

/// <summary>
/// Random commands to one lease: its usual life with gaps, and among it anything, with ids that repeat.
/// </summary>
internal static class LeaseScripts
{
    /// <summary>
    /// A command to be; the kind chooses among <see cref="Command"/>'s, the id only where it is no part of the usual
    /// life.
    /// </summary>
    private readonly record struct Step(int Kind, int Id, int Milliseconds);

    private const int Kinds = 19;

    private static readonly Gen<LeaseTerms> Terms =
        from firm in Gen.Int[0, 3]
        from gpus in Gen.Int[1, 64]
        from termSeconds in Gen.Frequency((1, Gen.Int[60, 240]), (1, Gen.Int[60, 7200]))
        from rateSteps in Gen.Int[1, 100_000]
        from noticeSeconds in Gen.Int[0, 300]
        from grantTimeoutSeconds in Gen.Int[10, 900]
        from horizonMilliseconds in Gen.Int[0, 7_200_000]
        from minGpus in Gen.Int[1, 64]
        from capMicroUsd in Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 2_000_000]), (1, Gen.Int[1, 200_000_000]))
        from coolDownSeconds in Gen.Int[0, 900]
        select (firm == 0 ? Given.Firm : Given.Spot) with
        {
            Gpus = gpus,
            Term = TimeSpan.FromSeconds(termSeconds),
            Rate = Rate.FromSteps(rateSteps),
            Notice = TimeSpan.FromSeconds(noticeSeconds),
            GrantTimeout = TimeSpan.FromSeconds(grantTimeoutSeconds),
            MinGpus = firm == 0 || minGpus >= gpus ? null : minGpus,
            SpendCap = capMicroUsd == 0 ? null : new(capMicroUsd),
            ReclaimCoolDown = firm == 0 ? null : TimeSpan.FromSeconds(coolDownSeconds),
            EndsAtLatest = firm == 0 ? Given.At(horizonMilliseconds / 1000.0) : null,
        };

    private static readonly Gen<int> ForwardMilliseconds = Gen.Frequency(
        (8, Gen.Int[0, 5_000]),
        (3, Gen.Int[0, 100_000]),
        (1, Gen.Int[0, 5_000_000])
    );

    private static readonly Gen<int> AnyMilliseconds = Gen.Frequency(
        (7, ForwardMilliseconds),
        (1, Gen.Int[-90_000, 0])
    );

    /// <summary>Clocks that disagree: a command may be older than the one before it.</summary>
    public static readonly Gen<LeaseCommand[]> Any = Of(AnyMilliseconds);

    /// <summary>Commands in the order of their times.</summary>
    public static readonly Gen<LeaseCommand[]> InOrder = Of(ForwardMilliseconds);

    private static Gen<LeaseCommand[]> Of(Gen<int> milliseconds)
    {
        var anything =
            from kind in Gen.Int[0, Kinds - 1]
            from id in Gen.Int[0, 12]
            from wait in milliseconds
            select new Step(kind, id, wait);
        return from terms in Terms
            from quoteSeconds in Gen.Int[1, 90]
            from graceSeconds in Gen.Int[0, 10]
            from hold in Stage(0)
            from accept in Stage(1)
            from grant in Stage(2)
            from reclaim in Stage(3)
            from notice in Stage(4)
            from wake in Stage(5)
            from settle in Stage(6)
            select Commands(
                terms,
                quoteSeconds,
                graceSeconds,
                [.. hold, .. accept, .. grant, .. reclaim, .. notice, .. wake, .. settle]
            );

        // One in eight stages of the usual life is left out.
        Gen<Step[]> Stage(int kind) =>
            from isLeftOut in Gen.Int[0, 7]
            from wait in milliseconds
            from noise in anything.Array[0, 2]
            select isLeftOut == 0 ? noise : [.. noise, new Step(kind, 100 + kind, wait)];
    }

    private static LeaseCommand[] Commands(LeaseTerms terms, int quoteSeconds, int graceSeconds, Step[] steps)
    {
        var at = Given.Start;
        var expires = at.AddSeconds(quoteSeconds);
        var hold = Given.Hold(terms) with { ExpiresAt = expires, LapsesAt = expires.AddSeconds(graceSeconds) };
        var commands = new List<LeaseCommand>();
        foreach (var (kind, id, milliseconds) in steps)
        {
            at = at.AddMilliseconds(milliseconds);
            commands.Add(Command(kind, hold) with { Id = CommandId.From($"id-{id}"), At = at });
        }
        return [.. commands];
    }

    private static LeaseCommand Command(int kind, LeaseCommand.Hold hold) =>
        kind switch
        {
            0 => hold,
            1 => Given.Accept(),
            2 => Given.ConfirmGrant(),
            3 => Given.Reclaim(),
            4 => Given.ConfirmNotice(),
            5 => Given.Wake(at: 0),
            6 => Given.Settle(at: 0),
            7 => Given.End(at: 0),
            8 => Given.RefuseGrant(),
            9 => Given.Abandon(at: 0),
            10 => Given.Reclaim() with { Gpus = Math.Max(1, hold.Terms.Gpus - (hold.Terms.MinGpus ?? 0)) },
            11 => Given.Drill(at: 0),
            12 => Given.Rescind(at: 0),
            13 => Given.Renew(at: 0, hold.Terms.Rate, hold.Terms.Term),
            14 => Given.Warn(at: 0),
            15 => Given.Fail(at: 0),
            16 => Given.Correct(at: 0, gpuSeconds: 7),
            17 => Given.Correct(at: 0, gpuSeconds: -5),
            _ => hold with { RequestHash = "another" },
        };
}
