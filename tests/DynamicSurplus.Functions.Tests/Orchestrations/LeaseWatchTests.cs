using System.Text.Json;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Functions.Orchestrations;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Orchestrations;

public sealed class LeaseWatchTests
{
    private static readonly Wakeup Wakeup = new(
        LeaseId.For(TenantId.Parse("acme"), "key"),
        FleetId.Parse("north"),
        new DateTimeOffset(2026, 8, 22, 10, 0, 0, TimeSpan.Zero).AddTicks(1)
    );

    [Fact]
    public void Wakeup_survives_as_it_is_stored() => LeaseWatch.Of(Wakeup).ToWakeup().ShouldBe(Wakeup.RoundedUp());

    [Fact]
    public void Input_of_instances_in_flight_keeps_its_json() =>
        JsonSerializer
            .Serialize(LeaseWatch.Of(Wakeup))
            .ShouldBe($$"""{"Lease":"{{Wakeup.Lease}}","Fleet":"north","At":"2026-08-22T10:00:00.001+00:00"}""");
}
