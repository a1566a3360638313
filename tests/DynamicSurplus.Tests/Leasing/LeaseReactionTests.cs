using DynamicSurplus.Leasing;
using Shouldly;
using Xunit;
using static DynamicSurplus.Leasing.LeaseEffect;
using static DynamicSurplus.Leasing.ReservationState;

namespace DynamicSurplus.Tests.Leasing;

public sealed class LeaseReactionTests
{
    private static readonly TimeSpan TombstoneLife = TimeSpan.FromMinutes(15);

    [Fact]
    public void Hold_shows_itself() => Given.Held().Effects.ShouldBe([new RefreshView(), new Publish()]);

    [Fact]
    public void Acceptance_sets_its_time_out_before_it_asks_for_machines() =>
        Following(Given.Granting())
            .ShouldBe([new ScheduleWake(Given.At(610)), new Grant(), new RefreshView(), new Publish()]);

    [Fact]
    public void Grant_starts_the_term() =>
        Following(Given.Active())
            .ShouldBe([
                new ScheduleWake(Given.At(3620)),
                new MoveReservation(Active, Given.At(20)),
                new RefreshView(),
                new Publish(),
            ]);

    [Fact]
    public void Reclaim_moves_the_reservation_and_tells_the_customer() =>
        Following(Given.Reclaiming())
            .ShouldBe([new MoveReservation(InNotice, Given.At(400)), new Notify(), new Publish()]);

    [Fact]
    public void Notice_starts_its_clock() =>
        Following(Given.InNotice()).ShouldBe([new ScheduleWake(Given.At(525)), new RefreshView(), new Publish()]);

    [Fact]
    public void End_frees_revokes_and_settles() =>
        Following(Given.Ended())
            .ShouldBe([
                new MoveReservation(Released, Given.At(500)),
                new Revoke(),
                new Settle(),
                new RefreshView(),
                new Publish(),
            ]);

    [Fact]
    public void Settlement_lets_the_tombstone_go_when_no_request_can_come_any_more()
    {
        var at = Given.At(501) + TombstoneLife;

        Following(Given.Settled())
            .ShouldBe([new RefreshView(), new Publish(), new ScheduleWake(at), new ForgetReservation(at)]);
    }

    [Fact]
    public void Lapse_frees_and_forgets()
    {
        var at = Given.At(65) + TombstoneLife;

        Following(Given.Held().After(Given.Wake(at: 70)))
            .ShouldBe([
                new MoveReservation(Released, Given.At(65)),
                new RefreshView(),
                new Publish(),
                new ScheduleWake(at),
                new ForgetReservation(at),
            ]);
    }

    [Fact]
    public void Abandoned_stream_has_nothing_to_show()
    {
        var at = Given.At(70) + TombstoneLife;

        new LeaseTrail(Given.Id)
            .After(Given.Abandon(at: 70))
            .Effects.ShouldBe([
                new MoveReservation(Released, Given.At(70)),
                new ScheduleWake(at),
                new ForgetReservation(at),
            ]);
    }

    [Fact]
    public void Tombstone_outlives_a_request_on_a_fast_clock_too()
    {
        const int Speed = 300;
        var requestLife = Speed * TimeSpan.FromSeconds(30);
        var hold = Given.Hold();
        var fast = hold with { LapsesAt = hold.ExpiresAt + (Speed * TimeSpan.FromSeconds(5)) };

        var trail = new LeaseTrail(Given.Id).After(fast, Given.End(at: 1));

        trail.Effects.OfType<ForgetReservation>().Single().NotBefore.ShouldBeGreaterThan(Given.At(1) + requestLife);
    }

    private static IReadOnlyList<LeaseEffect> Following(LeaseTrail trail) =>
        LeaseDecider.React(trail.Lease, trail.Events.Last());
}
