using DynamicSurplus.Settlement;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Settlement;

public sealed class BillingPeriodTests
{
    [Fact]
    public void A_period_is_a_month_of_utc()
    {
        var december = BillingPeriod.Of(new DateTimeOffset(2027, 1, 1, 1, 30, 0, TimeSpan.FromHours(2)));

        december.ToString().ShouldBe("2026-12");
        december.Start.ShouldBe(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        december.End.ShouldBe(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        (december.Next, december.Previous).ShouldBe((new(2027, 1), new(2026, 11)));
        december.Contains(december.Start).ShouldBeTrue();
        december.Contains(december.End.AddTicks(-1)).ShouldBeTrue();
        december.Contains(december.End).ShouldBeFalse();
    }

    [Theory]
    [InlineData("2026-11", true)]
    [InlineData("2000-01", true)]
    [InlineData("1999-12", false)]
    [InlineData("9999-01", false)]
    [InlineData("2026-13", false)]
    [InlineData("2026-1", false)]
    [InlineData("2026-11-01", false)]
    [InlineData(" 2026-11", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_period_is_read_from_year_and_month_alone(string? text, bool isOne)
    {
        BillingPeriod.TryParse(text, out var period).ShouldBe(isOne);

        if (isOne)
        {
            period.ToString().ShouldBe(text);
        }
    }
}
