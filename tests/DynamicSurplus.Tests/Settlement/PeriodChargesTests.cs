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
    public void Corrections_are_of_the_month_in_which_they_are_made()
    {
        var made = November.End.AddDays(4);
        var corrected = Settled with
        {
            EndedAt = November.Start.AddDays(3),
            Corrections = new ValueList<StatementLine>([
                new(StatementLineKind.Correction, Terms.Rate, 1, made, made, -360, new(-146_250), "meter read late"),
            ]),
        };
        var statement = Of(Usage(Terms.Rate, gpus: 8, November.Start, seconds: 3600, rest: 0));

        var november = PeriodCharges.Of(corrected, statement, November).ShouldHaveSingleItem();
        var december = PeriodCharges.Of(corrected, statement, November.Next).ShouldHaveSingleItem();

        november.Kind.ShouldBe(StatementLineKind.Usage);
        (december.Kind, december.Amount, december.CorrectsPast, december.GpuSeconds, december.Detail).ShouldBe(
            (StatementLineKind.Correction, new(-146_250), true, -360, "meter read late")
        );
        PeriodCharges
            .Of(corrected with { EndedAt = November.End.AddHours(1) }, statement, November.Next)
            .ShouldHaveSingleItem()
            .CorrectsPast.ShouldBeFalse();
        PeriodCharges.Of(corrected, statement, November.Previous).ShouldBeEmpty();
    }

    [Fact]
    public void A_credit_beyond_what_its_month_cost_is_deducted_from_the_next()
    {
        var rate = Rate.FromSteps(36); // a micro-dollar a second
        var made = November.End.AddSeconds(-1.5);
        var credited = Settled with
        {
            Credits = new ValueList<StatementLine>([
                new(StatementLineKind.Credit, rate, 1, made, made, 25, new(25), "late"),
                new(StatementLineKind.Credit, rate, 1, made.AddSeconds(5), made.AddSeconds(5), 90, new(90), "failed"),
            ]),
        };
        var statement = Of(Usage(rate, gpus: 1, November.End.AddSeconds(-10), seconds: 40, rest: 0));

        Amounts(November).ShouldBe(["Usage 10", "Credit -10"]);
        Amounts(November.Next).ShouldBe(["Usage 30", "Credit -15", "Credit -15"]);
        PeriodCharges
            .Of(credited, statement, November.Next)
            .Where(charge => charge.Kind == StatementLineKind.Credit)
            .Select(charge => charge.From)
            .ShouldBe([November.End, November.End.AddSeconds(3)]);

        IEnumerable<string> Amounts(BillingPeriod period) =>
            PeriodCharges.Of(credited, statement, period).Select(charge => $"{charge.Kind} {charge.Amount.Value}");
    }

    [Fact]
    public void The_months_of_a_lease_make_up_its_statement_whatever_happened_to_it()
    {
        var genLease =
            from granted in Gen.Long[-40 * TimeSpan.TicksPerDay, 5 * TimeSpan.TicksPerDay]
            from changes in Gen.Select(
                Gen.Long[0, 30 * TimeSpan.TicksPerDay],
                Gen.Int[0, 100_000],
                Gen.Int[1, 64]
            ).List[0, 6]
            from length in Gen.Long[0, 70 * TimeSpan.TicksPerDay]
            from credits in Gen.Select(Gen.Double[0, 1], Gen.Long[0, 2_000_000_000]).List[0, 3]
            from corrections in Gen.Select(Gen.Long[0, 90 * TimeSpan.TicksPerDay], Gen.Long[-5, 1_000_000]).List[0, 2]
            select Lived(November.Start.AddTicks(granted), changes, length, credits, corrections);

        genLease.Sample(lease =>
        {
            var statement = LeaseStatement.Of(lease, lease.EndedAt!.Value);
            var charges = Months(lease, statement).ToList();

            charges.Sum(charge => charge.Amount.Value).ShouldBe(statement.Total.Value);
            var usage = charges.Where(charge => charge.Kind == StatementLineKind.Usage).OrderBy(c => c.From).ToList();
            usage.Sum(charge => charge.GpuSeconds).ShouldBe(lease.Meter.GpuSeconds(lease.EndedAt!.Value));
            foreach (var (part, next) in usage.Zip(usage.Skip(1)))
            {
                part.To.ShouldBe(next.From);
            }
            charges.ShouldAllBe(charge => charge.Kind != StatementLineKind.Credit || charge.Amount.Value < 0);
        });
    }

    private static Lease Lived(
        DateTimeOffset granted,
        List<(long After, int Steps, int Gpus)> changes,
        long length,
        List<(double Share, long Amount)> credits,
        List<(long After, long Amount)> corrections
    )
    {
        var ended = granted.AddTicks(length);
        var meter = LeaseMeter.Start(granted, Terms.Rate, Terms.Gpus);
        foreach (var (after, steps, gpus) in changes.OrderBy(change => change.After))
        {
            meter = meter.WithRate(granted.AddTicks(after), Rate.FromSteps(steps));
            meter = meter.WithGpus(granted.AddTicks(after), gpus);
        }
        return Settled with
        {
            GrantedAt = granted,
            EndedAt = ended,
            Meter = meter,
            Credits = new ValueList<StatementLine>(
                credits
                    .OrderBy(credit => credit.Share)
                    .Select(credit =>
                        Line(StatementLineKind.Credit, granted.AddTicks((long)(length * credit.Share)), credit.Amount)
                    )
            ),
            Corrections = new ValueList<StatementLine>(
                corrections.Select(c => Line(StatementLineKind.Correction, ended.AddTicks(c.After), c.Amount))
            ),
        };
    }

    private static StatementLine Line(StatementLineKind kind, DateTimeOffset at, long microUsd) =>
        new(kind, Terms.Rate, 1, at, at, 60, new(microUsd), "because");

    private static Charge Single(StatementLine line, BillingPeriod period) =>
        PeriodCharges.Of(Settled, Of(line), period).ShouldHaveSingleItem();

    private static IEnumerable<Charge> Months(LeaseStatement statement) => Months(Settled, statement);

    private static IEnumerable<Charge> Months(Lease lease, LeaseStatement statement)
    {
        var first = BillingPeriod.Of(statement.Lines.Min(line => line.From));
        var last = BillingPeriod.Of(statement.Lines.Max(line => line.To));
        for (var period = first; period <= last; period = period.Next)
        {
            foreach (var charge in PeriodCharges.Of(lease, statement, period))
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
