using CsCheck;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Telemetry;

public sealed class SampleRulesTests
{
    private static readonly Sample Good = new(
        FleetId.Parse("a"),
        SampleGen.Noon,
        Healthy: 100,
        Running: 60,
        Queued: 10
    );

    [Fact]
    public void Samples_within_the_rules_count() =>
        SampleGen.Any.Sample(sample => SampleRules.Check(sample, DateTimeOffset.MaxValue).ShouldBeNull());

    [Theory]
    [InlineData(double.NaN, "not finite")]
    [InlineData(double.PositiveInfinity, "not finite")]
    [InlineData(double.NegativeInfinity, "not finite")]
    [InlineData(-1e-9, "negative")]
    [InlineData(-1, "negative")]
    [InlineData(10_000_000.5, "above 10000000")]
    public void A_value_that_is_no_number_of_gpus_is_refused_by_name(double value, string problem)
    {
        Refusal(Good with { Healthy = value }, "healthy").Problem.ShouldContain(problem);
        Refusal(Good with { Running = value }, "running").Problem.ShouldContain(problem);
        Refusal(Good with { Queued = value }, "queued").Problem.ShouldContain(problem);
        Refusal(Good with { Watts = value }, "watts").Problem.ShouldContain(problem);
    }

    [Fact]
    public void Limits_themselves_count()
    {
        Check(Good with { Healthy = 0, Running = 0, Queued = 0 }).ShouldBeNull();
        Check(Good with { Healthy = 10_000_000, Running = 10_000_000, Queued = 10_000_000 }).ShouldBeNull();
        Check(Good with { Healthy = 6, Running = 60 }).ShouldBeNull();
        Check(Good with { Watts = 0.001 }).ShouldBeNull();
        Check(Good with { At = SampleRules.Earliest }).ShouldBeNull();
    }

    [Fact]
    public void Running_beyond_ten_times_healthy_is_refused()
    {
        Refusal(Good with { Healthy = 5.9 }, "running").Problem.ShouldContain("more than 10 × healthy");
        Refusal(Good with { Healthy = 0, Running = 0.5 }, "running").Fix.ShouldNotBeEmpty();
    }

    [Fact]
    public void Watts_of_zero_are_refused() =>
        Refusal(Good with { Watts = 0 }, "watts").Problem.ShouldContain("not above 0");

    [Fact]
    public void Times_before_2000_and_past_the_allowance_are_refused()
    {
        var latest = Good.At.AddSeconds(120);

        SampleRules.Check(Good with { At = latest }, latest).ShouldBeNull();
        SampleRules.Check(Good with { At = latest.AddMilliseconds(1) }, latest)!.Problem.ShouldContain("in the future");
        SampleRules.Check(Good with { At = latest.ToOffset(TimeSpan.FromHours(5)) }, latest).ShouldBeNull();
        Refusal(Good with { At = SampleRules.Earliest.AddMilliseconds(-1) }, "at")
            .Problem.ShouldContain("before the year 2000");
        Refusal(Good with { At = DateTimeOffset.UnixEpoch }, "at").Field.ShouldBe("at");
    }

    private static FieldError? Check(Sample sample) => SampleRules.Check(sample, DateTimeOffset.MaxValue);

    private static FieldError Refusal(Sample sample, string field)
    {
        var error = Check(sample).ShouldNotBeNull();
        error.Field.ShouldBe(field);
        error.Fix.ShouldNotBeEmpty();
        return error;
    }
}
