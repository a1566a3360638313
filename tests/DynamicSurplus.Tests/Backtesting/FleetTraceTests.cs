using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Backtesting;

public class FleetTraceTests
{
    [Fact]
    public void Samples_are_put_in_order_and_span_their_ticks()
    {
        var trace = Trace([Given.Sample(9, 8, 2), Given.Sample(0, 8, 4), Given.Sample(3, 8, 6)]);

        trace.Samples.ToArray().Select(sample => sample.Running).ShouldBe([4, 6, 2]);
        trace.FirstTick.ShouldBe(Given.Start);
        trace.TickCount.ShouldBe(10);
    }

    [Fact]
    public void Sample_within_a_tick_counts_from_the_next_on()
    {
        var late = Given.Sample(0, 8, 4) with { At = Given.Start.Start.AddSeconds(17) };

        var trace = Trace([late]);

        trace.FirstTick.ShouldBe(Given.At(1));
        trace.TickCount.ShouldBe(1);
    }

    [Fact]
    public void Means_are_those_of_the_samples_and_queues_leave_nothing_free()
    {
        var trace = Trace([Given.Sample(0, 8, 2), Given.Sample(1, 16, 40)]);

        trace.MeanCapacity.ShouldBe(12);
        trace.MeanFree.ShouldBe(3);
    }

    [Fact]
    public void Longest_trace_is_ten_years_of_minutes()
    {
        Trace([Given.Sample(0, 8, 2), Given.Sample(FleetTrace.MaxTicks - 1, 8, 2)]);

        Should
            .Throw<InvalidDataException>(() => Trace([Given.Sample(0, 8, 2), Given.Sample(FleetTrace.MaxTicks, 8, 2)]))
            .Message.ShouldContain("more than 5270400 ticks");
    }

    private static FleetTrace Trace(Sample[] samples) => new(Given.Fleet, samples, Given.Length);
}
