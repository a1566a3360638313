using CsCheck;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
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
    [InlineData(ReservationState.Released, ReservationState.Active)]
    [InlineData(ReservationState.Released, ReservationState.Released)]
    [InlineData(ReservationState.InNotice, ReservationState.Active)]
    [InlineData(ReservationState.Active, ReservationState.Active)]
    [InlineData(ReservationState.Active, ReservationState.Held)]
    public void Redelivered_move_changes_nothing(ReservationState state, ReservationState to) =>
        Move(new(Empty, Spot with { State = state }), to, at: 0).ShouldBeNull();

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
                            : IsEarlyNotice(before, to) ? null
                            : Move(new(book, before), to, at);
                        if (move is null)
                        {
                            continue;
                        }
                        (book, rows[index]) = (move.Book, move.Reservation);
                        predicted +=
                            move.Reservation.State == ReservationState.Active ? before!.InterruptionProbability : 0;
                        observed += IsInterruption(move.Reservation, Given.At(at)) ? 1 : 0;

                        book.ShouldBe(Sum(rows, predicted, observed));
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
                    at = CapacityLedger.Move(at.Book, at.Reservation, effect.To, effect.At, Minute).ShouldNotBeNull();
                    CapacityLedger.Move(at.Book, at.Reservation, effect.To, effect.At, Minute).ShouldBeNull();
                }

                var isOver = trail.Lease.Status is LeaseStatus.Lapsed or LeaseStatus.Ended or LeaseStatus.Settled;
                at.Book.Taken.ShouldBe(isOver ? 0 : terms.Gpus);
            },
            iter: 2_000
        );
    }

    private static CapacityMove? Move(CapacityMove from, ReservationState to, double at) =>
        CapacityLedger.Move(from.Book, from.Reservation, to, Given.At(at), Minute);

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
