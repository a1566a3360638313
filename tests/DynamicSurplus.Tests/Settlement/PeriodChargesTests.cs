using CsCheck;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Settlement;

public sealed class PeriodChargesTests
{
    private static readonly BillingPeriod November = new(2026, 11);

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

    private static readonly Lease Settled = Lease.None(LeaseId.For(Terms.Tenant, "k")) with
    {
        Status = LeaseStatus.Settled,
        Terms = Terms,
        EndedAt = November.End.AddHours(1),
    };

    private static readonly Gen<StatementLine> GenUsage =
        from steps in Gen.Int[0, 100_000]
        from gpus in Gen.Int[1, 5000]
        from start in Gen.Long[-TimeSpan.TicksPerDay, TimeSpan.TicksPerDay]
        from seconds in Gen.Long[0, 100 * 24 * 3600]
        from rest in Gen.Long[0, TimeSpan.TicksPerSecond - 1]
        select Usage(Rate.FromSteps(steps), gpus, November.End.AddTicks(start), seconds, rest);

    [Fact]
    public void The_months_of_a_line_make_up_the_whole()
    {
        GenUsage.Sample(line =>
        {
            var statement = Of(line);
            var parts = Months(statement).ToList();

            parts.Sum(part => part.Seconds).ShouldBe(line.Seconds);
            parts.Sum(part => part.Amount.Value).ShouldBe(line.Amount.Value);
            foreach (var (part, next) in parts.Zip(parts.Skip(1)))
            {
                part.To.ShouldBe(next.From);
                part.To.ShouldBe(BillingPeriod.Of(part.From).End);
            }
            foreach (var part in parts)
            {
                var period = BillingPeriod.Of(part.From);
                (part.From >= period.Start && part.To <= period.End && part.From < part.To).ShouldBeTrue();
                (part.To - part.From).ShouldBe(TimeSpan.FromSeconds(part.Seconds));
                var exact = (decimal)part.Rate.Steps * part.GpuSeconds / 36;
                Math.Abs(part.Amount.Value - exact).ShouldBeLessThanOrEqualTo(1);
            }
        });
    }

    [Fact]
    public void A_month_that_is_over_does_not_change_while_the_lease_runs_on()
    {
        Gen.Select(GenUsage, Gen.Long[0, 1_000_000])
            .Sample(
                (line, more) =>
                {
                    var longer = Usage(line.Rate, line.Gpus, line.From, line.Seconds + more, rest: 0);
                    var past = BillingPeriod.Of(line.From.AddSeconds(line.Seconds)).Previous;

                    PeriodCharges.Of(Settled, Of(longer), past).ShouldBe(PeriodCharges.Of(Settled, Of(line), past));
                }
            );
    }

    [Fact]
    public void A_second_belongs_to_the_month_in_which_it_begins()
    {
        var line = Usage(Terms.Rate, gpus: 1, November.End.AddSeconds(-1.3), seconds: 4, rest: 0);

        var (november, december) = (Single(line, November), Single(line, November.Next));

        (november.From, november.To, november.Seconds).ShouldBe((November.End.AddSeconds(-2), November.End, 2));
        (december.From, december.To, december.Seconds).ShouldBe((November.End, November.End.AddSeconds(2), 2));
    }

    [Fact]
    public void A_line_that_ends_with_the_month_leaves_nothing_to_the_next()
    {
        var line = Usage(Terms.Rate, gpus: 1, November.End.AddSeconds(-10), seconds: 10, rest: 999);

        Single(line, November).Amount.ShouldBe(line.Amount);
        PeriodCharges.Of(Settled, Of(line), November.Next).ShouldBeEmpty();
    }

    [Fact]
    public void Credits_and_corrections_are_of_the_month_in_which_they_are_made()
    {
        var ended = Settled with { EndedAt = November.Start.AddDays(3) };
        var usage = Usage(Terms.Rate, gpus: 8, November.Start, seconds: 3600, rest: 0);
        var credit = new StatementLine(
            StatementLineKind.Credit,
            Rate.FromSteps(0),
            0,
            November.Start.AddDays(3),
            November.Start.AddDays(3),
            0,
            new(-700),
            "late notice"
        );
        var correction = new StatementLine(
            StatementLineKind.Correction,
            Terms.Rate,
            1,
            November.End.AddDays(4),
            November.End.AddDays(4),
            360,
            new(146_250),
            "meter read late"
        );
        var statement = Of(usage, credit, correction);

        var november = PeriodCharges.Of(ended, statement, November);
        var december = PeriodCharges.Of(ended, statement, November.Next).ShouldHaveSingleItem();

        november.Select(charge => charge.Kind).ShouldBe([StatementLineKind.Usage, StatementLineKind.Credit]);
        (november[1].Amount, november[1].CorrectsPast, november[1].Detail).ShouldBe((new(-700), false, "late notice"));
        (december.Kind, december.Amount, december.CorrectsPast, december.GpuSeconds).ShouldBe(
            (StatementLineKind.Correction, new(146_250), true, 360)
        );
        PeriodCharges.Of(ended, statement, November.Previous).ShouldBeEmpty();
    }

    private static Charge Single(StatementLine line, BillingPeriod period) =>
        PeriodCharges.Of(Settled, Of(line), period).ShouldHaveSingleItem();

    private static IEnumerable<Charge> Months(LeaseStatement statement)
    {
        var last = BillingPeriod.Of(statement.AsOf).Next;
        for (var period = November.Previous; period <= last; period = period.Next)
        {
            foreach (var charge in PeriodCharges.Of(Settled, statement, period))
            {
                yield return charge;
            }
        }
    }

    private static LeaseStatement Of(params StatementLine[] lines) =>
        new(
            Settled.Id,
            StatementState.Settled,
            lines.Max(line => line.To),
            lines,
            new(lines.Sum(line => line.Amount.Value))
        );

    private static StatementLine Usage(Rate rate, int gpus, DateTimeOffset from, long seconds, long rest) =>
        new(
            StatementLineKind.Usage,
            rate,
            gpus,
            from,
            from.AddSeconds(seconds).AddTicks(rest),
            seconds,
            StatementAmount.Of([new(rate, gpus, seconds)])
        );
}
