using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Settlement;

public sealed class LeaseStatementTests
{
    private static readonly DateTimeOffset Start = new(2026, 8, 22, 10, 0, 0, TimeSpan.Zero);

    private static readonly LeaseTerms Terms = new(
        TenantId.Parse("acme"),
        FleetId.Parse("alpha"),
        LeaseTier.Spot,
        Gpus: 8,
        Term: TimeSpan.FromHours(1),
        Rate.FromUsd(1.4625m),
        MaxRate: null,
        Notice: TimeSpan.FromSeconds(120),
        MinimumRun: TimeSpan.Zero,
        GrantTimeout: TimeSpan.FromMinutes(10)
    );

    private static readonly Lease Running = Lease.None(LeaseId.For(Terms.Tenant, "k")) with
    {
        Status = LeaseStatus.Active,
        Terms = Terms,
        Gpus = Terms.Gpus,
        GrantedAt = Start,
        Meter = LeaseMeter.Start(Start, Terms.Rate, Terms.Gpus),
        EndsAt = Start.AddHours(1),
    };

    [Theory]
    [InlineData(0.0, 0, "0.000000")]
    [InlineData(0.999, 0, "0.000000")]
    [InlineData(1.0, 1, "0.003250")]
    [InlineData(1800.5, 1800, "5.850000")]
    [InlineData(3600.0, 3600, "11.700000")]
    public void A_running_lease_owes_the_whole_seconds_that_have_passed(double elapsed, long seconds, string amount)
    {
        var statement = LeaseStatement.Of(Running, Start.AddSeconds(elapsed));

        statement.State.ShouldBe(StatementState.Provisional);
        statement.Total.ToString().ShouldBe(amount);
        var line = statement.Lines.ShouldHaveSingleItem();
        (line.Rate, line.Gpus, line.From, line.Seconds).ShouldBe((Terms.Rate, 8, Start, seconds));
        line.Amount.ShouldBe(statement.Total);
    }

    [Fact]
    public void A_lease_that_is_over_but_not_yet_woken_owes_nothing_past_its_end()
    {
        var statement = LeaseStatement.Of(Running, Start.AddHours(5));

        (statement.AsOf, statement.Lines[0].Seconds).ShouldBe((Start.AddHours(1), 3600));
    }

    [Fact]
    public void A_lease_in_notice_owes_nothing_past_its_deadline()
    {
        var reclaiming = Running with
        {
            Status = LeaseStatus.Reclaiming,
            ReclaimReason = ReclaimReason.InternalDemand,
            ReclaimedGpus = Terms.Gpus,
            NoticeDeadline = Start.AddMinutes(20),
        };

        LeaseStatement.Of(reclaiming, Start.AddHours(5)).Lines[0].Seconds.ShouldBe(1200);
    }

    [Theory]
    [InlineData(LeaseStatus.Ended, StatementState.Unsettled)]
    [InlineData(LeaseStatus.Settled, StatementState.Settled)]
    public void A_lease_that_has_ended_owes_the_same_for_ever(LeaseStatus status, StatementState state)
    {
        var ended = Running with { Status = status, EndedAt = Start.AddMinutes(45) };

        var statement = LeaseStatement.Of(ended, Start.AddYears(1));

        (statement.State, statement.AsOf, statement.Lines[0].Seconds).ShouldBe((state, Start.AddMinutes(45), 2700));
        statement.Total.ToString().ShouldBe("8.775000");
    }

    [Fact]
    public void What_is_settled_is_what_the_statement_says()
    {
        var ended = Running with { Status = LeaseStatus.Ended, EndedAt = Start.AddMilliseconds(1_234_567) };
        var settle = new LeaseCommand.Settle(CommandId.From("settle"), Start.AddHours(1), Tick.None);

        var settled = LeaseDecider
            .Decide(settle, ended)
            .Events.ShouldHaveSingleItem()
            .ShouldBeOfType<LeaseEvent.Settled>();

        var statement = LeaseStatement.Of(ended, Start.AddHours(1));
        (settled.Amount, settled.BilledSeconds).ShouldBe((statement.Total, statement.Lines[0].Seconds));
    }

    [Theory]
    [InlineData(LeaseStatus.Held, StatementState.Provisional)]
    [InlineData(LeaseStatus.Granting, StatementState.Provisional)]
    [InlineData(LeaseStatus.Lapsed, StatementState.Settled)]
    [InlineData(LeaseStatus.Ended, StatementState.Unsettled)]
    public void Machines_that_never_came_cost_nothing(LeaseStatus status, StatementState state)
    {
        var lease = Running with { Status = status, GrantedAt = null, Meter = default, EndsAt = null };

        var statement = LeaseStatement.Of(lease, Start.AddHours(1));

        (statement.State, statement.Lines.Count, statement.Total).ShouldBe((state, 0, MicroUsd.Zero));
    }
}
