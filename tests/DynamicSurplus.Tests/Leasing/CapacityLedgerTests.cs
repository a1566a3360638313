using CsCheck;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class CapacityLedgerTests
{
    private static readonly TickLength Minute = TickLength.Default;
    private static readonly CapacityBook Empty = new(Given.Fleet);

    private static readonly Reservation Spot = new(
        Given.Fleet,
        Given.Id,
        Given.Tenant,
        LeaseTier.Spot,
        Gpus: 8,
        Rate.FromUsd(2.5m),
        Notice: TimeSpan.FromSeconds(120),
        MinimumRun: TimeSpan.Zero,
        LongTerm: false,
        InterruptionProbability: 0.25,
        HeldAtTick: Given.Tick,
        ReservationState.Held
    );

    private static readonly Gen<Reservation> AnyReservation =
        from firm in Gen.Bool
        from longTerm in Gen.Bool
        from gpus in Gen.Int[1, 1000]
        from probability in Gen.Double[0, 1]
        select Spot with
        {
            Tier = firm ? LeaseTier.Firm : LeaseTier.Spot,
            LongTerm = firm && longTerm,
            Gpus = gpus,
            InterruptionProbability = firm ? 0 : probability,
        };

    [Fact]
    public void Hold_counts_once_however_often_it_is_delivered()
    {
        var held = CapacityLedger.Hold(Empty, before: null, Spot).ShouldNotBeNull();

        held.Book.ShouldBe(Empty with { HeldSpot = 8 });
        CapacityLedger.Hold(held.Book, held.Reservation, Spot).ShouldBeNull();
    }

    [Fact]
    public void Tombstone_lets_no_late_hold_reserve_again()
    {
        var tombstone = Spot with { State = ReservationState.Released };

        CapacityLedger.Hold(Empty, tombstone, Spot).ShouldBeNull();
    }

    [Fact]
    public void Firm_gpus_past_the_horizon_count_twice_until_they_are_released()
    {
        var firm = Spot with { Tier = LeaseTier.Firm, LongTerm = true };
        var held = CapacityLedger.Hold(Empty, before: null, firm)!;

        held.Book.ShouldBe(Empty with { HeldFirm = 8, LongFirm = 8 });
        var active = Move(held, ReservationState.Active, at: 0)!;
        active.Book.ShouldBe(Empty with { ActiveFirm = 8, LongFirm = 8 });
        Move(active, ReservationState.Released, at: 60)!.Book.ShouldBe(Empty);
    }

    [Fact]
    public void Activation_books_the_interruption_that_was_predicted()
    {
        var active = Move(CapacityLedger.Hold(Empty, before: null, Spot)!, ReservationState.Active, at: 20)!;

        active.Reservation.ActiveAt.ShouldBe(Given.At(20));
        active.Book.ShouldBe(Empty with { ActiveSpot = 8, PredictedInterruptions = 0.25 });
    }

    [Theory]
    [InlineData(3620, 1)]
    [InlineData(3620.001, 0)]
    public void Notice_within_sixty_ticks_of_the_activation_counts_as_an_interruption(double at, long observed)
    {
        var active = Move(CapacityLedger.Hold(Empty, before: null, Spot)!, ReservationState.Active, at: 20)!;

        var noticed = Move(active, ReservationState.InNotice, at)!;

        noticed.Book.ShouldBe(
            Empty with
            {
                InNotice = 8,
                PredictedInterruptions = 0.25,
                ObservedInterruptions = observed,
            }
        );
    }

    [Fact]
    public void Firm_lease_predicts_nothing()
    {
        var firm = Spot with { Tier = LeaseTier.Firm };

        var active = Move(CapacityLedger.Hold(Empty, before: null, firm)!, ReservationState.Active, at: 20)!;

        active.Book.PredictedInterruptions.ShouldBe(0);
    }

    [Theory]
    [InlineData(ReservationState.Released, ReservationState.Active, 9)]
    [InlineData(ReservationState.Released, ReservationState.Released, 9)]
    [InlineData(ReservationState.InNotice, ReservationState.Active, 3)]
    [InlineData(ReservationState.Active, ReservationState.InNotice, 4)]
    [InlineData(ReservationState.Active, ReservationState.Active, 4)]
    public void Redelivered_move_changes_nothing(ReservationState state, ReservationState to, long version) =>
        CapacityLedger
            .Move(Empty, Spot with { State = state, Version = 4 }, new(to, Given.At(0)), version, Minute)
            .ShouldBeNull();

    [Fact]
    public void Release_frees_whatever_version_the_reservation_has_seen() =>
        CapacityLedger
            .Move(
                Empty with
                {
                    ActiveSpot = 8,
                },
                Spot with
                {
                    State = ReservationState.Active,
                    Version = 4,
                },
                new(ReservationState.Released, Given.At(0)),
                version: 0,
                Minute
            )!
            .Book.ShouldBe(Empty);

    [Fact]
    public void Reclaim_in_part_counts_its_gpus_in_notice_and_keeps_them_when_it_is_over()
    {
        var active = Move(CapacityLedger.Hold(Empty, before: null, Spot)!, ReservationState.Active, at: 20)!;
        var noticed = Move(active, new(ReservationState.InNotice, Given.At(400), InNoticeGpus: 3))!;
        var shrunk = Move(noticed, new(ReservationState.Active, Given.At(520), Gpus: 5))!;

        (noticed.Book.ActiveSpot, noticed.Book.InNotice, noticed.Book.Kept).ShouldBe((5, 3, 0));
        (shrunk.Book.ActiveSpot, shrunk.Book.InNotice, shrunk.Book.Kept).ShouldBe((5, 0, 3));
        shrunk.Book.KeptUntil.ShouldBe(Given.At(520 + 120));
        shrunk.Book.At(Given.At(639)).Kept.ShouldBe(3);
        shrunk.Book.At(Given.At(640)).ShouldBe(shrunk.Book with { Kept = 0, KeptUntil = null });
    }

    [Fact]
    public void Gpus_that_a_reclaim_freed_are_not_sold_to_the_next_caller()
    {
        var active = Move(CapacityLedger.Hold(Empty, before: null, Spot)!, ReservationState.Active, at: 20)!;
        var over = Move(Move(active, ReservationState.InNotice, at: 400)!, ReservationState.Released, at: 520)!;
        var slice = new SurplusSlice(Firm: 8, Total: 8, Always: 0);

        over.Book.Taken.ShouldBe(0);
        Admission.Fitting(LeaseTier.Spot, longTerm: false, slice, over.Book.At(Given.At(600))).ShouldBe(0);
        Admission.Fitting(LeaseTier.Spot, longTerm: false, slice, over.Book.At(Given.At(700))).ShouldBe(8);
    }

    [Fact]
    public void Withdrawn_notice_gives_the_gpus_back_to_the_lease_and_keeps_none()
    {
        var active = Move(CapacityLedger.Hold(Empty, before: null, Spot)!, ReservationState.Active, at: 20)!;
        var noticed = Move(active, ReservationState.InNotice, at: 400)!;
        var coolDown = Given.At(1000);

        var rescinded = Move(noticed, new(ReservationState.Active, Given.At(450), CoolDownUntil: coolDown))!;

        rescinded.Book.ShouldBe(active.Book with { ObservedInterruptions = 1 });
        ReclaimCandidate.IsEligible(rescinded.Reservation, Given.At(999)).ShouldBeFalse();
        ReclaimCandidate.IsEligible(rescinded.Reservation, coolDown).ShouldBeTrue();
        Move(rescinded, ReservationState.InNotice, at: 1100)!.Book.ObservedInterruptions.ShouldBe(1);
    }

    [Fact]
    public void Notice_before_the_activation_waits_for_it() =>
        Should.Throw<InvalidOperationException>(() =>
            Move(CapacityLedger.Hold(Empty, before: null, Spot)!, ReservationState.InNotice, at: 0)
        );

    [Fact]
    public void Book_that_counts_less_than_its_reservation_is_never_made_negative() =>
        Should.Throw<InvalidOperationException>(() => Move(new(Empty, Spot), ReservationState.Released, at: 0));

    [Fact]
    public void Reservation_of_another_fleet_or_begun_otherwise_is_refused()
    {
        var other = new CapacityBook(FleetId.Parse("us-h100"));

        Should.Throw<ArgumentException>(() => CapacityLedger.Hold(other, before: null, Spot));
        Should.Throw<ArgumentException>(() => Move(new(other, Spot), ReservationState.Released, at: 0));
        Should.Throw<ArgumentException>(() =>
            CapacityLedger.Hold(Empty, before: null, Spot with { State = ReservationState.Active })
        );
    }

    [Fact]
    public void Book_is_always_the_sum_over_the_live_reservations()
    {
        var moves = Gen.Select(Gen.Int[0, 5], Gen.Enum<ReservationState>(), Gen.Int[0, 7200]);
        Gen.Select(AnyReservation.Array[6], moves.Array[1, 60])
            .Sample(
                (leases, steps) =>
                {
                    var book = Empty;
                    var rows = new Reservation?[leases.Length];
                    var (predicted, observed) = (0.0, 0);
                    foreach (var (index, to, at) in steps)
                    {
                        var before = rows[index];
                        var move =
                            before is null ? CapacityLedger.Hold(book, before, leases[index])
                            : to == ReservationState.Held || IsEarlyNotice(before, to) ? null
                            : Move(new(book, before), to, at);
                        if (move is null)
                        {
                            continue;
                        }
                        (book, rows[index]) = (move.Book, move.Reservation);
                        predicted += (before?.State, to) is (ReservationState.Held, ReservationState.Active)
                            ? before.InterruptionProbability
                            : 0;
                        observed +=
                            before is { WasNoticed: false } && IsInterruption(move.Reservation, Given.At(at)) ? 1 : 0;

                        (book with { Kept = 0, KeptUntil = null }).ShouldBe(Sum(rows, predicted, observed));
                        CapacityLedger.Recount(book, rows.OfType<Reservation>()).ShouldBe(book);
                    }
                },
                iter: 2_000
            );
    }

    [Fact]
    public void Lease_leaves_nothing_in_the_book_when_it_is_over()
    {
        LeaseScripts.Any.Sample(
            commands =>
            {
                var trail = new LeaseTrail(Given.Id).After(commands);
                if (trail.Lease.Terms is not { } terms)
                {
                    return;
                }
                var reservation = Spot with { Tier = terms.Tier, Gpus = terms.Gpus };
                var at = CapacityLedger.Hold(Empty, before: null, reservation)!;
                foreach (var effect in trail.Effects.OfType<LeaseEffect.MoveReservation>())
                {
                    var version = at.Reservation.Version + 1;
                    at = Move(at, effect).ShouldNotBeNull();
                    CapacityLedger.Move(at.Book, at.Reservation, effect, version, Minute).ShouldBeNull();
                }

                var isOver = trail.Lease.Status is LeaseStatus.Lapsed or LeaseStatus.Ended or LeaseStatus.Settled;
                at.Book.Taken.ShouldBe(isOver ? 0 : trail.Lease.Gpus);
            },
            iter: 2_000
        );
    }

    private static CapacityMove? Move(CapacityMove from, ReservationState to, double at) =>
        Move(from, new(to, Given.At(at)));

    /// <summary>As the next event of its lease asks.</summary>
    private static CapacityMove? Move(CapacityMove from, LeaseEffect.MoveReservation move) =>
        CapacityLedger.Move(from.Book, from.Reservation, move, from.Reservation.Version + 1, Minute);

    private static bool IsEarlyNotice(Reservation before, ReservationState to) =>
        before.State == ReservationState.Held && to == ReservationState.InNotice;

    private static bool IsInterruption(Reservation after, DateTimeOffset at) =>
        after is { State: ReservationState.InNotice, Tier: LeaseTier.Spot }
        && at <= after.ActiveAt + TimeSpan.FromMinutes(60);

    private static CapacityBook Sum(Reservation?[] rows, double predicted, long observed)
    {
        return new(
            Given.Fleet,
            ActiveFirm: Gpus(row => row is { State: ReservationState.Active, Tier: LeaseTier.Firm }),
            HeldFirm: Gpus(row => row is { State: ReservationState.Held, Tier: LeaseTier.Firm }),
            ActiveSpot: Gpus(row => row is { State: ReservationState.Active, Tier: LeaseTier.Spot }),
            HeldSpot: Gpus(row => row is { State: ReservationState.Held, Tier: LeaseTier.Spot }),
            InNotice: Gpus(row => row.State == ReservationState.InNotice),
            LongFirm: Gpus(row => row is { LongTerm: true, State: ReservationState.Held or ReservationState.Active }),
            predicted,
            observed
        );

        int Gpus(Func<Reservation, bool> counts) => rows.OfType<Reservation>().Where(counts).Sum(row => row.Gpus);
    }
}
