using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Ports;

public sealed class AuditIdTests
{
    [Fact]
    public void Ids_sort_by_time_as_values_and_as_text()
    {
        AuditId[] ids =
        [
            AuditId.New(DateTimeOffset.MinValue),
            AuditId.New(Example.Noon.AddTicks(-1)),
            AuditId.New(Example.Noon),
            AuditId.New(Example.Noon.AddTicks(1)),
            AuditId.New(DateTimeOffset.MaxValue),
        ];

        ids.ShouldBe(ids.Order());
        ids.Select(id => id.ToString()).ShouldBe(ids.Select(id => id.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_of_one_instant_differ_and_sort_as_their_text_does()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => AuditId.New(Example.Noon)).ToArray();

        ids.ShouldBeUnique();
        ids.Order().Select(id => id.ToString()).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
    }

    [Fact]
    public void Text_is_read_back_with_its_time()
    {
        var id = AuditId.New(Example.Noon.ToOffset(TimeSpan.FromHours(2)));

        AuditId.TryParse(id.ToString(), out var read).ShouldBeTrue();

        read.ShouldBe(id);
        read.At.ShouldBe(Example.Noon);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-36_000_000_000)]
    public void What_follows_is_behind_wherever_the_clock_is(long ticks)
    {
        var id = AuditId.New(Example.Noon);

        var next = id.Next(Example.Noon.AddTicks(ticks));

        next.ShouldBeGreaterThan(id);
        next.At.ShouldBe(Example.Noon.AddTicks(1));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0639212256000000000")]
    [InlineData("0639212256000000000-0123456789abcde")]
    [InlineData("0639212256000000000-0123456789abcdeF")]
    [InlineData("0639212256000000000-0123456789abcdefa")]
    [InlineData("0639212256000000000x0123456789abcdef")]
    [InlineData("+639212256000000000-0123456789abcdef")]
    [InlineData("9999999999999999999-0123456789abcdef")]
    public void Anything_else_is_no_id(string? text) => AuditId.TryParse(text, out _).ShouldBeFalse();
}
