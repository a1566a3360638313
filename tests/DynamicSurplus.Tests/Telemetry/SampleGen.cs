using CsCheck;
using DynamicSurplus.Measures;
using DynamicSurplus.Telemetry;

namespace DynamicSurplus.Tests.Telemetry;

/// <summary>Samples that the rules let pass.</summary>
internal static class SampleGen
{
    public static readonly DateTimeOffset Noon = new(2026, 8, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<FleetId> Fleet = Gen.Int[0, 4].Select(n => FleetId.Parse($"fleet-{n}"));

    /// <summary>Of few fleets, instants and values, so that they collide in every way.</summary>
    public static readonly Gen<Sample> Colliding = Gen.Select(
        Gen.OneOf(FleetId.Parse("fleet-0"), FleetId.Parse("fleet-1")),
        Gen.Int[0, 2].Select(ms => Noon.AddMilliseconds(ms)),
        Gen.OneOf(10.0, 11.0),
        Gen.OneOf(0.0, -0.0, 1.0, 1.5, 2.0),
        Gen.OneOf(0.0, -0.0, 0.5, 1.0, 2.0, 1e-20),
        Gen.OneOf<double?>(null, 400, 700),
        (fleet, at, healthy, running, queued, watts) => new Sample(fleet, at, healthy, running, queued, watts)
    );

    /// <summary>Of any values.</summary>
    public static readonly Gen<Sample> Any = Gen.Select(
        Fleet,
        Gen.Long[946_684_800_000, 4_000_000_000_000].Select(DateTimeOffset.FromUnixTimeMilliseconds),
        Gen.Double[0, SampleRules.MaxValue],
        Gen.Double[0, 10],
        Gen.Double[0, SampleRules.MaxValue],
        Gen.Double[0.1, 2_000].Nullable(),
        (fleet, at, healthy, share, queued, watts) =>
            new Sample(fleet, at, healthy, Math.Min(SampleRules.MaxValue, share * healthy), queued, watts)
    );
}
