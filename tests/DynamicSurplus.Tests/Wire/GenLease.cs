using System.Globalization;
using CsCheck;
using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;

namespace DynamicSurplus.Tests.Wire;

/// <summary>Lease events and effects of every case, over the whole range of every member.</summary>
internal static class GenLease
{
    private const string IdCharacters = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly Gen<string> Name =
        from head in Gen.Char[IdCharacters]
        from tail in Gen.String[Gen.Char[IdCharacters + "-"], 0, 62]
        select head + tail;

    private static readonly Gen<LeaseId> Lease =
        from high in Gen.ULong
        from low in Gen.ULong
        select LeaseId.Parse(string.Create(CultureInfo.InvariantCulture, $"{high:x16}{low:x16}"));

    private static readonly Gen<string> Hash = Gen.String[Gen.Char["0123456789abcdef"], 64, 64];

    /// <summary>Any text that is text: no half surrogates.</summary>
    private static readonly Gen<string> Text = Gen
        .Char.Where(c => !char.IsSurrogate(c))
        .Array[0, 40]
        .Select(characters => new string(characters) + (characters.Length % 3 == 0 ? "🛰" : ""));

    private static readonly Gen<DateTimeOffset> Instant = Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks]
        .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Gen<TimeSpan> Seconds = Gen.Int[0, int.MaxValue].Select(s => TimeSpan.FromSeconds(s));
    private static readonly Gen<Rate> AnyRate = Gen.Int[0, 100_000_000].Select(Rate.FromSteps);
    private static readonly Gen<ReclaimReason> Reclaim = Gen.Enum<ReclaimReason>();

    private static readonly Gen<LeaseTerms> Terms =
        from parties in Gen.Select(Name, Name)
        from asked in Gen.Select(Gen.Enum<LeaseTier>(), Gen.Int[1, LeaseTerms.MaxGpus], Seconds, AnyRate.Nullable())
        from rate in AnyRate
        from times in Gen.Select(Seconds, Seconds, Seconds)
        from rest in Gen.Select(Instant.Nullable(), Gen.Bool, Gen.Double[0, 1], Gen.Enum<WorkloadClass>())
        from wishes in Gen.Select(
            Gen.Int.Nullable(),
            Gen.Long.Select(value => new MicroUsd(value)).Nullable(),
            Gen.Bool.Nullable(),
            Seconds.Nullable()
        )
        select new LeaseTerms(
            TenantId.Parse(parties.Item1),
            FleetId.Parse(parties.Item2),
            asked.Item1,
            asked.Item2,
            asked.Item3,
            rate,
            asked.Item4,
            times.Item1,
            times.Item2,
            times.Item3,
            rest.Item1,
            rest.Item2,
            rest.Item3,
            rest.Item4,
            wishes.Item1,
            wishes.Item2,
            wishes.Item3,
            wishes.Item4
        );

    private static readonly Gen<StatementLine> Line =
        from kind in Gen.Enum<StatementLineKind>()
        from rate in AnyRate
        from numbers in Gen.Select(Gen.Int, Gen.Long, Gen.Long)
        from times in Gen.Select(Instant, Instant)
        from detail in Text.Null()
        select new StatementLine(
            kind,
            rate,
            numbers.Item1,
            times.Item1,
            times.Item2,
            numbers.Item2,
            new(numbers.Item3),
            detail
        );

    public static readonly Gen<LeaseEvent> Event = Gen.OneOf<LeaseEvent>(
        Gen.Select(Instant, Terms, Instant, Instant, Hash)
            .Select(
                LeaseEvent (held) => new LeaseEvent.Held(held.Item1, held.Item2, held.Item3, held.Item4, held.Item5)
            ),
        Gen.Select(Instant, Name.Select(FleetId.Parse).Nullable())
            .Select(LeaseEvent (lapse) => new LeaseEvent.Lapsed(lapse.Item1, lapse.Item2)),
        Instant.Select(LeaseEvent (at) => new LeaseEvent.Accepted(at)),
        Gen.Select(Instant, Instant).Select(LeaseEvent (at) => new LeaseEvent.Granted(at.Item1, at.Item2)),
        Gen.Select(Instant, Reclaim, Gen.Int)
            .Select(LeaseEvent (one) => new LeaseEvent.ReclaimDecided(one.Item1, one.Item2, one.Item3)),
        Gen.Select(Instant, Reclaim, Gen.Int)
            .Select(LeaseEvent (one) => new LeaseEvent.ReclaimDecided(one.Item1, one.Item2, one.Item3, Drill: true)),
        Gen.Select(Instant, Reclaim, Gen.Int, Instant)
            .Select(LeaseEvent (one) => new LeaseEvent.NoticeSent(one.Item1, one.Item2, one.Item3, one.Item4)),
        Gen.Select(Instant, Gen.Enum<EndReason>(), Text.Null())
            .Select(LeaseEvent (one) => new LeaseEvent.Ended(one.Item1, one.Item2, one.Item3)),
        Gen.Select(Instant, Gen.Long, Gen.Long)
            .Select(LeaseEvent (one) => new LeaseEvent.Settled(one.Item1, one.Item2, new(one.Item3))),
        Gen.Select(Instant, Gen.Long, Line.Array[0, 3])
            .Select(
                LeaseEvent (one) =>
                    new LeaseEvent.Settled(
                        one.Item1,
                        one.Item2,
                        new(one.Item2),
                        new ValueList<StatementLine>(one.Item3)
                    )
            ),
        Gen.Select(Instant, Gen.Enum<RescindReason>(), Instant.Nullable())
            .Select(LeaseEvent (one) => new LeaseEvent.Rescinded(one.Item1, one.Item2, one.Item3)),
        Gen.Select(Instant, Gen.Int).Select(LeaseEvent (one) => new LeaseEvent.Shrunk(one.Item1, one.Item2)),
        Gen.Select(Instant, Instant, Instant, AnyRate)
            .Select(LeaseEvent (one) => new LeaseEvent.Renewed(one.Item1, one.Item2, one.Item3, one.Item4)),
        Gen.Select(Instant, Text).Select(LeaseEvent (one) => new LeaseEvent.NotRenewed(one.Item1, one.Item2)),
        Gen.Select(Instant, Gen.Int).Select(LeaseEvent (one) => new LeaseEvent.SpendReached(one.Item1, one.Item2)),
        Gen.Select(Instant, Gen.Int).Select(LeaseEvent (one) => new LeaseEvent.CushionLow(one.Item1, one.Item2)),
        Gen.Select(Instant, Gen.Enum<CreditReason>(), AnyRate, Gen.Int, Gen.Long)
            .Select(
                LeaseEvent (one) =>
                    new LeaseEvent.Credited(one.Item1, one.Item2, one.Item3, one.Item4, one.Item5, new(one.Item5))
            ),
        Gen.Select(Instant, Gen.Long, AnyRate, Text)
            .Select(
                LeaseEvent (one) => new LeaseEvent.Corrected(one.Item1, one.Item2, one.Item3, new(one.Item2), one.Item4)
            )
    );

    public static readonly Gen<LeaseEventEnvelope> Envelope =
        from lease in Lease
        from numbers in Gen.Select(Gen.Long, Gen.Int, Gen.Long)
        from command in Text.Where(text => text.Length > 0)
        from hash in Hash
        from happened in Event
        select new LeaseEventEnvelope(
            lease,
            numbers.Item1,
            numbers.Item2,
            CommandId.From(command),
            new Tick(numbers.Item3),
            hash,
            happened
        );

    public static readonly Gen<LeaseEffect> Effect = Gen.OneOf<LeaseEffect>(
        Instant.Select(LeaseEffect (at) => new LeaseEffect.ScheduleWake(at)),
        Gen.Const<LeaseEffect>(new LeaseEffect.Grant()),
        Gen.Const<LeaseEffect>(new LeaseEffect.Revoke()),
        Gen.Const<LeaseEffect>(new LeaseEffect.Notify()),
        Gen.Select(
                Gen.Select(Gen.Enum<ReservationState>(), Instant),
                Gen.Int.Nullable(),
                Gen.Int.Nullable(),
                AnyRate.Nullable(),
                Instant.Nullable()
            )
            .Select(
                LeaseEffect (move) =>
                    new LeaseEffect.MoveReservation(
                        move.Item1.Item1,
                        move.Item1.Item2,
                        move.Item2,
                        move.Item3,
                        move.Item4,
                        move.Item5
                    )
            ),
        Gen.Int.Select(LeaseEffect (gpus) => new LeaseEffect.Resize(gpus)),
        Instant.Select(LeaseEffect (notBefore) => new LeaseEffect.ForgetReservation(notBefore)),
        Gen.Const<LeaseEffect>(new LeaseEffect.Settle()),
        Gen.Const<LeaseEffect>(new LeaseEffect.RefreshView())
    );
}
