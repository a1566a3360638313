using DynamicSurplus.Fleets;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class LeaseRequestTests
{
    private static readonly LeaseRequest Ask = new(Given.Tenant, LeaseTier.Spot, Gpus: 4, TimeSpan.FromHours(1));

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public void Sound_request_has_no_errors(int gpus) => (Ask with { Gpus = gpus }).Validate().ShouldBeEmpty();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    public void Gpus_are_at_least_one_and_at_most_a_million(int gpus) =>
        (Ask with { Gpus = gpus }).Validate().ShouldHaveSingleItem().Field.ShouldBe("gpus");

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    [InlineData(300.5)]
    public void Term_is_whole_seconds_above_zero(double seconds) =>
        (Ask with { Term = TimeSpan.FromSeconds(seconds) })
            .Validate()
            .ShouldHaveSingleItem()
            .Field.ShouldBe("termSeconds");

    [Fact]
    public void Every_error_is_told_at_once_with_its_fix()
    {
        var errors = new LeaseRequest(
            Given.Tenant,
            (LeaseTier)7,
            Gpus: 0,
            TimeSpan.Zero,
            MaxRate: Rate.FromSteps(0),
            WorkloadClass: (WorkloadClass)7
        ).Validate();

        errors.Select(error => error.Field).ShouldBe(["tier", "gpus", "termSeconds", "maxRate", "workloadClass"]);
        errors.ShouldAllBe(error => error.Problem.Length > 0 && error.Fix.Length > 0);
    }
}
