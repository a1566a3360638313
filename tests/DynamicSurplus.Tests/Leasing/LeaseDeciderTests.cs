using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class LeaseDeciderTests
{
    [Fact]
    public void Hold_keeps_terms_and_times_as_they_were_quoted()
    {
        var lease = Given.Held().Lease;

        lease.ShouldBe(
            Lease.None(Given.Id) with
            {
                Version = 1,
                Status = LeaseStatus.Held,
                Fleet = Given.Fleet,
                Terms = Given.Spot,
                Gpus = 8,
                HeldAt = Given.At(0),
                ExpiresAt = Given.At(60),
                LapsesAt = Given.At(65),
                RequestHash = "body",
                LastEventAt = Given.At(0),
                Handled = default(HandledCommands).With(CommandId.From("hold")),
            }
        );
    }

    [Theory]
    [InlineData(60, null)]
    [InlineData(60.001, LeaseRefusalCode.Expired)]
    public void Acceptance_is_judged_by_its_arrival(double at, LeaseRefusalCode? refusal) =>
        (Given.Held().Do(Given.Accept(at)).Refusal?.Code).ShouldBe(refusal);

    [Fact]
    public void Acceptance_that_arrived_in_time_is_kept_though_a_later_one_was_refused_before()
    {
        var trail = Given.Held().After(Given.Accept(at: 62, id: "late"));

        trail.Do(Given.Accept(at: 59)).Events.ShouldBe([new LeaseEvent.Accepted(Given.At(59))]);
    }

    [Fact]
    public void Repeated_acceptance_gives_no_events_and_another_is_refused()
    {
        var trail = Given.Active();

        trail.Do(Given.Accept(at: 300)).ShouldBe(Decision.Nothing);
        trail.Do(Given.Accept(at: 300, id: "another")).Refusal!.Code.ShouldBe(LeaseRefusalCode.AlreadyAccepted);
    }

    [Fact]
    public void Repeated_hold_with_another_body_is_refused_though_its_id_was_handled() =>
        Given.Held().Do(Given.Hold(hash: "another")).Refusal!.Code.ShouldBe(LeaseRefusalCode.AnotherRequest);

    [Fact]
    public void Event_is_never_before_the_one_that_precedes_it()
    {
        var decision = Given.Granting().Do(Given.ConfirmGrant(at: 3));

        decision.Events.ShouldBe([new LeaseEvent.Granted(Given.At(10), Given.At(10 + 3600))]);
    }

    [Fact]
    public void Firm_lease_granted_late_ends_at_its_horizon() =>
        Given.Active(Given.Firm).Lease.EndsAt.ShouldBe(Given.At(3600));

    [Fact]
    public void Firm_lease_is_not_granted_past_its_horizon()
    {
        var terms = Given.Firm with { EndsAtLatest = Given.At(30) };

        var decision = Given.Granting(terms).Do(Given.ConfirmGrant(at: 30));

        decision
            .Events.ShouldHaveSingleItem()
            .ShouldBeOfType<LeaseEvent.Ended>()
            .ShouldSatisfyAllConditions(
                ended => ended.Reason.ShouldBe(EndReason.NotGranted),
                ended => ended.At.ShouldBe(Given.At(30))
            );
    }

    [Fact]
    public void Firm_lease_accepted_past_its_horizon_ends_uncharged_at_its_acceptance()
    {
        var terms = Given.Firm with { EndsAtLatest = Given.At(5) };

        var lease = Given.Granting(terms).After(Given.Wake(at: 10), Given.Settle(at: 11)).Lease;

        lease.EndedAt.ShouldBe(Given.At(10));
        lease.Amount.ShouldBe(MicroUsd.Zero);
    }

    [Fact]
    public void Refused_grant_ends_uncharged_with_its_detail()
    {
        var lease = Given.Granting().After(Given.RefuseGrant(), Given.Settle(at: 21)).Lease;

        lease.EndReason.ShouldBe(EndReason.NotGranted);
        lease.EndDetail.ShouldBe("no power");
        lease.BilledSeconds.ShouldBe(0);
        lease.Amount.ShouldBe(MicroUsd.Zero);
    }

    [Fact]
    public void Reclaim_takes_all_gpus_and_says_why()
    {
        var decision = Given.Active().Do(Given.Reclaim());

        decision.Events.ShouldBe([new LeaseEvent.ReclaimDecided(Given.At(400), ReclaimReason.InternalDemand, Gpus: 8)]);
    }

    [Theory]
    [InlineData(405, 405, 525)]
    [InlineData(390, 400, 520)] // A clock that runs behind starts no notice before its decision.
    [InlineData(3550, 3550, 3620)] // No notice outlasts the term.
    public void Notice_runs_from_its_sending_to_its_deadline(double sent, double starts, double deadline)
    {
        var decision = Given.Reclaiming().Do(Given.ConfirmNotice(sent) with { LateAfter = null });

        decision.Events.ShouldBe([
            new LeaseEvent.NoticeSent(Given.At(starts), ReclaimReason.InternalDemand, 8, Given.At(deadline)),
        ]);
    }

    [Fact]
    public void Second_notice_does_not_move_the_deadline()
    {
        var second = Given.ConfirmNotice(at: 450) with { Id = CommandId.From("again") };

        Given.InNotice().After(second).Lease.NoticeDeadline.ShouldBe(Given.At(525));
    }

    [Theory]
    [InlineData(524.999, null)]
    [InlineData(525, EndReason.Reclaimed)]
    [InlineData(9999, EndReason.Reclaimed)]
    public void Forced_end_is_at_the_deadline_however_late_its_wake_up(double wake, EndReason? reason)
    {
        var lease = Given.InNotice().After(Given.Wake(wake)).Lease;

        lease.EndReason.ShouldBe(reason);
        lease.EndedAt.ShouldBe(reason is null ? null : Given.At(525));
    }

    [Fact]
    public void Reclaim_without_notice_never_forces_an_end()
    {
        var lease = Given.Reclaiming().After(Given.Wake(at: 3619)).Lease;

        lease.Status.ShouldBe(LeaseStatus.Reclaiming);
        lease.NextWake.ShouldBe(Given.At(3620));
    }

    [Fact]
    public void Term_that_ends_in_the_notice_ends_as_a_term()
    {
        var trail = Given.Reclaiming().After(Given.ConfirmNotice(at: 3550), Given.Wake(at: 3620));

        trail.Events.Last().ShouldBe(new LeaseEvent.Ended(Given.At(3620), EndReason.TermOver));
    }

    [Fact]
    public void Late_customer_pays_to_the_end_of_the_term_and_no_further()
    {
        var lease = Given.Active().After(Given.End(at: 4000), Given.Settle(at: 4001)).Lease;

        lease.EndReason.ShouldBe(EndReason.TermOver);
        lease.BilledSeconds.ShouldBe(3600);
        lease.Amount.ShouldBe(new MicroUsd(20_000_000));
    }

    [Fact]
    public void Bill_counts_whole_seconds_from_the_grant_to_the_end()
    {
        var lease = Given.Active().After(Given.End(at: 499.9), Given.Settle(at: 501)).Lease;

        lease.BilledSeconds.ShouldBe(479);
        lease.Amount.ShouldBe(new MicroUsd(2_661_111)); // 2.5 USD × 8 GPUs × 479 s / 3600 s
    }

    [Fact]
    public void Wake_up_that_changes_nothing_is_not_remembered()
    {
        var wake = Given.Wake(at: 64);
        var trail = Given.Held().After(wake);

        trail.Lease.Version.ShouldBe(1);
        trail.Do(wake with { At = Given.At(65) }).Events.ShouldBe([new LeaseEvent.Lapsed(Given.At(65))]);
    }

    [Fact]
    public void Abandoned_stream_refuses_the_hold_that_comes_late()
    {
        var trail = new LeaseTrail(Given.Id).After(Given.Abandon(at: 70));

        trail.Do(Given.Hold()).Refusal!.Code.ShouldBe(LeaseRefusalCode.Expired);
        trail.Lease.Fleet.ShouldBe(Given.Fleet);
    }

    [Fact]
    public void Evolve_refuses_an_event_out_of_its_place()
    {
        var trail = Given.Held();
        var again = trail.Envelopes[0];

        Should.Throw<InvalidOperationException>(() => LeaseDecider.Evolve(trail.Lease, again));
        Should.Throw<InvalidOperationException>(() =>
            LeaseDecider.Evolve(Lease.None(LeaseId.For(Given.Tenant, "another")), again)
        );
    }
}
