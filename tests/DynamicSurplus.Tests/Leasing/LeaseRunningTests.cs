using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

/// <summary>
/// Between the grant and the end: renewals, reclaims in part and withdrawn, caps, credits, corrections.
/// </summary>
public sealed class LeaseRunningTests
{
    private static readonly LeaseTerms InPart = Given.Spot with { MinGpus = 2 };

    [Fact]
    public void Renewal_keeps_the_rate_until_the_term_is_over_and_has_its_own_after_that()
    {
        var trail = Given.Active().After(Given.Renew(at: 600, Rate.FromUsd(2)));

        trail
            .Events.Last()
            .ShouldBe(new LeaseEvent.Renewed(Given.At(600), Given.At(3620), Given.At(7220), Rate.FromUsd(2)));
        var statement = LeaseStatement.Of(trail.After(Given.End(at: 4620)).Lease, Given.At(9000));
        statement
            .Lines.Select(line => (line.Rate.ToString(), line.Seconds))
            .ShouldBe([("2.5000", 3600L), ("2.0000", 1000L)]);
        statement.Total.ShouldBe(new MicroUsd(20_000_000 + 4_444_444));
    }

    [Fact]
    public void Two_renewals_are_two_terms_and_a_repeated_one_is_one()
    {
        var first = Given.Renew(at: 600, Rate.FromUsd(2));
        var second = Given.Renew(at: 700, Rate.FromUsd(3)) with { Id = CommandId.From("renew-again") };

        var lease = Given.Active().After(first, first, second, second).Lease;

        lease.EndsAt.ShouldBe(Given.At(3620 + 7200));
        lease.Meter.RateAt(Given.At(7219)).ShouldBe(Rate.FromUsd(2));
        lease.Meter.RateAt(Given.At(7220)).ShouldBe(Rate.FromUsd(3));
    }

    [Fact]
    public void Renewal_above_the_customers_bound_is_refused()
    {
        var trail = Given.Active(Given.Spot with { MaxRate = Rate.FromUsd(2.5m) });

        trail.Do(Given.Renew(at: 600, Rate.FromUsd(2.5001m))).Refusal!.Code.ShouldBe(LeaseRefusalCode.RateAboveMax);
        trail.Do(Given.Renew(at: 600, Rate.FromUsd(2.5m))).Refusal.ShouldBeNull();
    }

    [Fact]
    public void Renewal_ends_where_the_fleet_can_promise_no_more()
    {
        var renew = Given.Renew(at: 600, Rate.FromUsd(2)) with { EndsAtLatest = Given.At(4000) };

        Given.Active().After(renew).Lease.EndsAt.ShouldBe(Given.At(4000));
        Given
            .Active()
            .Do(renew with { EndsAtLatest = Given.At(3620) })
            .Refusal!.Code.ShouldBe(LeaseRefusalCode.NotRenewable);
    }

    [Fact]
    public void Lease_that_renews_itself_is_looked_at_before_its_end_until_it_is_known_that_it_will_not_be()
    {
        var trail = Given.Active(Given.Spot with { AutoRenew = true });

        trail.Lease.NextWake.ShouldBe(Given.At(3620 - 60));
        trail.After(Given.DeclineRenewal(at: 3560)).Lease.NextWake.ShouldBe(Given.At(3620));
        trail.After(Given.Wake(at: 3620)).Lease.EndReason.ShouldBe(EndReason.TermOver);
    }

    [Fact]
    public void Renewed_lease_renews_itself_again()
    {
        var trail = Given.Active(Given.Spot with { AutoRenew = true });

        trail.After(Given.DeclineRenewal(at: 3560), Given.Renew(at: 3570, Rate.FromUsd(2)));

        trail.Lease.RenewalDueAt.ShouldBe(Given.At(7220 - 60));
    }

    [Fact]
    public void Reclaim_in_part_bills_what_is_left_from_its_deadline_on()
    {
        var trail = Given.Active(InPart).After(Given.Reclaim() with { Gpus = 5 }, Given.ConfirmNotice());
        trail.After(Given.Wake(at: 530));

        (trail.Lease.Status, trail.Lease.Gpus).ShouldBe((LeaseStatus.Active, 3));
        trail.Effects.ShouldContain(new LeaseEffect.Resize(3));
        LeaseStatement
            .Of(trail.Lease, Given.At(1000))
            .Lines.Select(line => (line.Gpus, line.Seconds))
            .ShouldBe([(8, 505L), (3, 475L)]);
    }

    [Theory]
    [InlineData(6, null)]
    [InlineData(7, LeaseRefusalCode.NotReclaimable)]
    [InlineData(0, LeaseRefusalCode.NotReclaimable)]
    [InlineData(9, LeaseRefusalCode.NotReclaimable)]
    [InlineData(8, null)]
    public void No_more_is_taken_in_part_than_lets_the_lease_go_on(int gpus, LeaseRefusalCode? refusal) =>
        (Given.Active(InPart).Do(Given.Reclaim() with { Gpus = gpus }).Refusal?.Code).ShouldBe(refusal);

    [Fact]
    public void Withdrawn_notice_leaves_the_lease_alone_for_its_cool_down()
    {
        var terms = Given.Spot with { ReclaimCoolDown = TimeSpan.FromSeconds(300) };
        var trail = Given.Active(terms).After(Given.Reclaim(), Given.ConfirmNotice(), Given.Rescind(at: 450));
        var again = Given.Reclaim(at: 749) with { Id = CommandId.From("reclaim-again") };

        trail.Lease.NextWake.ShouldBe(Given.At(3620));
        trail.Do(again).Refusal!.Code.ShouldBe(LeaseRefusalCode.CoolingDown);
        trail.Do(again with { At = Given.At(750) }).Refusal.ShouldBeNull();
        trail.Lease.NoticeSentAt.ShouldBeNull();
    }

    [Fact]
    public void Drill_shows_the_whole_sequence_and_a_reclaim_in_earnest_takes_its_place_with_a_whole_notice()
    {
        var drilled = Given.Drilling().After(Given.Wake(at: 525));
        var inEarnest = Given.Drilling().After(Given.Reclaim(at: 500));
        inEarnest.After(Given.ConfirmNotice(at: 501) with { Id = CommandId.From("notice-in-earnest") });

        drilled
            .Events.TakeLast(3)
            .ShouldBe([
                new LeaseEvent.ReclaimDecided(Given.At(400), ReclaimReason.Drill, 8, Drill: true),
                new LeaseEvent.NoticeSent(Given.At(405), ReclaimReason.Drill, 8, Given.At(525), Drill: true),
                new LeaseEvent.Rescinded(Given.At(525), RescindReason.DrillOver),
            ]);
        (inEarnest.Lease.IsDrill, inEarnest.Lease.NoticeDeadline).ShouldBe((false, Given.At(621)));
    }

    [Fact]
    public void Spend_cap_is_told_of_three_times_and_never_exceeded()
    {
        // 8 GPUs at 2.5 USD: 5,555.56 micro-dollars a second.
        var trail = Given.Active(Given.Spot with { SpendCap = new(1_000_000) });

        trail.After(Given.Wake(at: 5000));

        trail
            .Events.OfType<LeaseEvent.SpendReached>()
            .Select(r => (r.Percent, r.At))
            .ShouldBe([(50, Given.At(20 + 90)), (80, Given.At(20 + 144)), (100, Given.At(20 + 180))]);
        trail.Lease.EndReason.ShouldBe(EndReason.SpendCap);
        LeaseStatement.Of(trail.Lease, Given.At(5000)).Total.ShouldBe(new MicroUsd(1_000_000));
        LeaseStatement
            .Of(Given.Active(Given.Spot with { SpendCap = new(999_999) }).Lease, Given.At(5000))
            .Total.ShouldBe(new MicroUsd(994_444));
    }

    [Fact]
    public void Notice_that_is_late_pays_for_its_own_length()
    {
        var trail = Given.Reclaiming().After(Given.ConfirmNotice(at: 405.001));
        trail.After(Given.Wake(at: 530), Given.Settle(at: 531));

        var credit = trail.Events.OfType<LeaseEvent.Credited>().ShouldHaveSingleItem();
        (credit.Reason, credit.Seconds, credit.Amount).ShouldBe((CreditReason.LateNotice, 120L, new(666_667)));
        trail.Lease.Amount.ShouldBe(new MicroUsd(2_805_556 - 666_667));
        Given.Reclaiming().After(Given.ConfirmNotice(at: 405)).Lease.Credits.ShouldBeEmpty();
    }

    [Fact]
    public void Failed_firm_lease_is_paid_back_its_rest_and_never_more_than_it_cost()
    {
        var late = Given.Active(Given.Firm).After(Given.Fail(at: 3500), Given.Settle(at: 3501));
        var early = Given.Active(Given.Firm).After(Given.Fail(at: 30), Given.Settle(at: 31));

        late.Lease.Credits.ShouldHaveSingleItem().Seconds.ShouldBe(100);
        late.Lease.Amount.ShouldBe(new MicroUsd(19_333_333 - 555_556));
        early.Lease.Amount.ShouldBe(MicroUsd.Zero);
        early.Lease.EndReason.ShouldBe(EndReason.FirmFailed);
    }

    [Fact]
    public void Correction_adds_a_line_and_leaves_what_was_settled()
    {
        var trail = Given.Settled();
        var settled = trail.Lease.Amount!.Value;

        trail.After(Given.Correct(at: 600, gpuSeconds: 3600), Given.Correct(at: 700, gpuSeconds: -36));

        trail.Lease.Amount.ShouldBe(settled + new MicroUsd(2_500_000 - 25_000));
        trail.Events.OfType<LeaseEvent.Settled>().ShouldHaveSingleItem().Amount.ShouldBe(settled);
        LeaseStatement.Of(trail.Lease, Given.At(9000)).Total.ShouldBe(trail.Lease.Amount!.Value);
        trail
            .Do(Given.Correct(at: 800, gpuSeconds: -1_000_000))
            .Refusal!.Code.ShouldBe(LeaseRefusalCode.CorrectionTooLarge);
    }

    [Fact]
    public void Warning_comes_once_in_ten_minutes()
    {
        var trail = Given.Active().After(Given.Warn(at: 100));

        Warned(again: 699.999).ShouldBeFalse();
        Warned(again: 700).ShouldBeTrue();

        bool Warned(double again) =>
            trail.Do(Given.Warn(at: again) with { Id = CommandId.From($"warn-{again}") }).Events.Count > 0;
    }
}
