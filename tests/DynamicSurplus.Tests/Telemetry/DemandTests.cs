using DynamicSurplus.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Telemetry;

public sealed class DemandTests
{
    [Theory]
    [InlineData(60, 10, 20, false, 70)] // the source knows whose they are
    [InlineData(60, 10, 20, true, 50)]
    [InlineData(60, 10, 80, true, 0)] // leases that the source has not seen yet
    [InlineData(0, 0, 0, true, 0)]
    public void Demand_is_running_and_queued_less_leases_that_the_source_includes(
        double running,
        double queued,
        double leased,
        bool includesLeased,
        double expected
    ) => Demand.Of(running, queued, leased, includesLeased).ShouldBe(expected);
}
