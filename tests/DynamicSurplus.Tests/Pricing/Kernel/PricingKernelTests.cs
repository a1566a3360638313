using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using DynamicSurplus.Local.Benchmarking;
using DynamicSurplus.Pricing.Kernel;
using DynamicSurplus.Tests.Telemetry;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Pricing.Kernel;

public sealed class PricingKernelTests
{
    /// <summary>
    /// Of all columns of 1,000 synthetic fleets after 20 ticks: the published bits, on every processor.
    /// </summary>
    private const string PinnedBits = "0d3d26aa20c22a4daa97e2fac33f16f24d3d6c751cdf255ba11ece3032b5e723";

    private static readonly int[] Widths = [1, 4, 8, 16];

    public static TheoryData<int> EveryWidth => [.. Widths];

    [Theory]
    [MemberData(nameof(EveryWidth))]
    public void Tick_agrees_with_the_reference_model(int width)
    {
        using var golden = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "golden.json"))
        );
        var cases = golden.RootElement.GetProperty("tick").EnumerateArray().ToArray();
        var columns = new PricingColumns();
        columns.Resize(cases.Length);
        for (var i = 0; i < cases.Length; i++)
        {
            Fill(columns, i, cases[i].GetProperty("in"));
        }

        PricingKernel.Run(columns, width);

        for (var i = 0; i < cases.Length; i++)
        {
            var (given, expected) = (cases[i].GetProperty("in"), cases[i].GetProperty("out"));
            var capacity = Number(given, "capacity");
            Error(columns.Firm[i], Number(expected, "firm"), capacity).ShouldBeLessThan(2e-6, $"firm of case {i}");
            Error(columns.Total[i], Number(expected, "total"), capacity).ShouldBeLessThan(2e-6, $"total of case {i}");
            Error(columns.Interest[i], Number(expected, "interest")).ShouldBeLessThan(2e-6, $"interest of case {i}");
            Error(columns.LogRate[i], Number(expected, "x")).ShouldBeLessThan(2e-6, $"x of case {i}");
            Error(columns.RateUsd[i], Number(expected, "rate")).ShouldBeLessThan(2e-6, $"rate of case {i}");
            Error(columns.Target[i], Number(expected, "target")).ShouldBeLessThan(2e-6, $"target of case {i}");
        }
    }

    [Fact]
    public void Bits_are_the_scalar_kernels_at_every_width_and_length()
    {
        for (var count = 0; count <= 256; count++)
        {
            var scalar = Bits(count, ScalarPricingKernel.Run);

            Bits(count, PricingKernel.Run).ShouldBe(scalar, $"{count} fleets at this processor's width");
            foreach (var width in Widths)
            {
                Bits(count, columns => PricingKernel.Run(columns, width))
                    .ShouldBe(scalar, $"{count} fleets at {width}");
            }
        }
    }

    [Fact]
    public void Bits_are_the_scalar_kernels_and_finite_for_any_valid_input()
    {
        ExtremeFleet
            .Array[1, 40]
            .Sample(
                fleets =>
                {
                    var scalar = Columns(fleets);
                    ScalarPricingKernel.Run(scalar);
                    foreach (var width in Widths)
                    {
                        var columns = Columns(fleets);
                        PricingKernel.Run(columns, width);
                        Snapshot(columns).ShouldBe(Snapshot(scalar));
                    }
                    foreach (
                        var output in (float[])
                            [
                                .. scalar.Firm,
                                .. scalar.Total,
                                .. scalar.Interest,
                                .. scalar.LogRate,
                                .. scalar.RateUsd,
                                .. scalar.Target,
                            ]
                    )
                    {
                        float.IsFinite(output).ShouldBeTrue();
                    }
                },
                iter: 1_000
            );
    }

    [Fact]
    public void Rate_moves_at_most_delta_and_stays_inside_the_bounds()
    {
        ExtremeFleet
            .Array[1, 40]
            .Sample(
                fleets =>
                {
                    var columns = Columns(fleets);
                    PricingKernel.Run(columns);
                    var before = columns.LogRate.ToArray();

                    PricingKernel.Run(columns);

                    for (var i = 0; i < fleets.Length; i++)
                    {
                        Math.Abs((double)columns.LogRate[i] - before[i])
                            .ShouldBeLessThanOrEqualTo(fleets[i].Policy.Delta);
                        columns.LogRate[i].ShouldBeInRange(columns.LogFloor[i], columns.LogCeiling[i]);
                        columns.RateSteps[i].ShouldBeInRange(columns.FloorSteps[i], columns.CeilingSteps[i]);
                        columns.Firm[i].ShouldBeLessThanOrEqualTo(columns.Total[i]);
                    }
                },
                iter: 1_000
            );
    }

    [Fact]
    public void More_demand_never_enlarges_a_slice()
    {
        Gen.Select(ExtremeFleet, Gen.Double[0, 2])
            .Sample(
                (fleet, more) =>
                {
                    var columns = Columns([fleet, fleet with { Demand = fleet.Demand + (more * fleet.Capacity) }]);

                    PricingKernel.Run(columns);

                    var noise = (float)(1e-6 * fleet.Capacity);
                    columns.Total[1].ShouldBeLessThanOrEqualTo(columns.Total[0] + noise);
                    columns.Firm[1].ShouldBeLessThanOrEqualTo(columns.Firm[0] + noise);
                },
                iter: 2_000
            );
    }

    [Theory]
    [InlineData(0.002)]
    [InlineData(0.01)]
    [InlineData(0.2)]
    public void Loop_with_elasticity_at_the_upper_end_of_belief_crosses_the_clearing_rate_at_most_once(double delta)
    {
        Gen.Select(Gen.Double[0.8, 3], Gen.Double[0.2, 6], Gen.Double[0.1, 0.9])
            .Sample(
                (trueElasticity, load, free) =>
                {
                    const double Configured = 3;
                    var policy = new PricingPolicy(1, 0.15, 1, 0.2, Configured, 1.0 / 60, 0.3, delta, 0, 1);
                    var columns = new PricingColumns();
                    columns.Resize(1);
                    columns.SetPolicy(0, policy);
                    columns.SetInputs(0, 256, 256 * (1 - free), 0, 0, 0, frozen: false);
                    columns.Start(0);
                    var supply = 256 * free;
                    var clearing = Math.Clamp(Math.Log(load) / trueElasticity, Math.Log(0.2), 0);
                    var (crossings, side) = (0, 0);
                    for (var tick = 0; tick < 6_000; tick++)
                    {
                        // Iso-elastic outside demand: load × supply at a rate of 1.
                        var offered = load * supply * Math.Exp(-trueElasticity * columns.LogRate[0]);
                        columns.SetInputs(0, 256, 256 * (1 - free), 0, 0, offered, frozen: false);
                        PricingKernel.Run(columns);
                        var gap = columns.LogRate[0] - clearing;
                        var now = Math.Abs(gap) < 2e-3 ? side : Math.Sign(gap);
                        crossings += side != 0 && now != side ? 1 : 0;
                        side = now;
                    }
                    crossings.ShouldBeLessThanOrEqualTo(1);
                    Math.Abs(columns.LogRate[0] - clearing).ShouldBeLessThan(0.01);
                },
                iter: 40
            );
    }

    [Fact]
    public void Tick_allocates_nothing()
    {
        var columns = SyntheticFleets.Create(10_000, seed: 1);
        PricingKernel.Run(columns);

        AllocatedBytes.Of(() => PricingKernel.Run(columns)).ShouldBe(0);
    }

    [Fact]
    public void Frozen_fleet_stands_still_and_a_fleet_without_capacity_sells_nothing()
    {
        var columns = SyntheticFleets.Create(2, seed: 3);
        columns.SetInputs(0, 64, 10, 0, 0, 1000, frozen: true);
        columns.SetInputs(1, 0, 0, 0, 0, 1000, frozen: false);
        var (interest, logRate) = (columns.Interest.ToArray(), columns.LogRate.ToArray());

        PricingKernel.Run(columns);

        columns.Interest.ToArray().ShouldBe(interest);
        columns.LogRate.ToArray().ShouldBe(logRate);
        columns.Total[0].ShouldBe(54);
        (columns.Firm[1], columns.Total[1]).ShouldBe((0, 0));
    }

    [Fact]
    public void Published_bits_are_pinned()
    {
        var columns = SyntheticFleets.Create(1_000, seed: 7);
        for (var tick = 0; tick < 20; tick++)
        {
            PricingKernel.Run(columns);
        }

        Convert.ToHexStringLower(SHA256.HashData(Snapshot(columns))).ShouldBe(PinnedBits);
    }

    private static Gen<Extreme> ExtremeFleet =>
        from ceiling in Gen.Double[0.0002, 10_000]
        from floorShare in Gen.Double[0.0001, 1]
        from monopolyShare in Gen.Double[0.0001, 2]
        from elasticity in Gen.OneOf(Gen.Double[0.01, 20], Gen.Const(20.0))
        from knobs in Gen.Double[0.0001, 1].Array[3]
        from batch in Gen.Double[0, 4]
        from meanGpus in Gen.Double[1, 4096]
        from wall in Gen.OneOf(Gen.Const(1.0), Gen.Double[0.01, 1])
        from capacity in Gen.OneOf(Gen.Const(0.0), Gen.Double[1, 1e7], Gen.Double[1, 100])
        from shares in Gen.Double[0, 1.2].Array[3]
        from accepted in Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 1e9])
        let floor = Math.Max(0.0001, floorShare * ceiling)
        select new Extreme(
            new PricingPolicy(
                wall,
                Math.Min(floor, ceiling),
                ceiling,
                Math.Clamp(monopolyShare * ceiling, 0.0001, 10_000),
                elasticity,
                knobs[0],
                knobs[1],
                knobs[2],
                batch,
                meanGpus
            ),
            capacity,
            shares[0] * capacity,
            Math.Min(1, shares[1]),
            Math.Min(1, shares[2]),
            accepted
        );

    private static PricingColumns Columns(Extreme[] fleets)
    {
        var columns = new PricingColumns();
        columns.Resize(fleets.Length);
        for (var i = 0; i < fleets.Length; i++)
        {
            var fleet = fleets[i];
            columns.SetPolicy(i, fleet.Policy);
            columns.SetInputs(
                i,
                fleet.Capacity,
                fleet.Demand,
                fleet.MarginFirm,
                fleet.MarginSpot,
                fleet.Accepted,
                frozen: false
            );
            columns.Start(i);
        }
        return columns;
    }

    private static byte[] Bits(int count, Action<PricingColumns> kernel)
    {
        var columns = SyntheticFleets.Create(count, seed: count);
        kernel(columns);
        kernel(columns);
        return Snapshot(columns);
    }

    private static byte[] Snapshot(PricingColumns columns) =>
        [
            .. MemoryMarshal.AsBytes(columns.Firm),
            .. MemoryMarshal.AsBytes(columns.Total),
            .. MemoryMarshal.AsBytes<float>(columns.Interest),
            .. MemoryMarshal.AsBytes<float>(columns.LogRate),
            .. MemoryMarshal.AsBytes(columns.RateUsd),
            .. MemoryMarshal.AsBytes(columns.Target),
            .. MemoryMarshal.AsBytes(columns.RateSteps),
        ];

    private static void Fill(PricingColumns columns, int fleet, JsonElement given)
    {
        columns.SetPolicy(
            fleet,
            new PricingPolicy(
                Number(given, "wall"),
                Number(given, "floor"),
                Number(given, "ceiling"),
                Number(given, "monopoly"),
                Number(given, "elasticity"),
                Number(given, "beta"),
                Number(given, "kappa"),
                Number(given, "delta"),
                Number(given, "batch"),
                Number(given, "mean_gpus")
            )
        );
        columns.SetInputs(
            fleet,
            Number(given, "capacity"),
            Number(given, "demand"),
            Number(given, "margin_firm"),
            Number(given, "margin_spot"),
            Number(given, "accepted"),
            given.GetProperty("frozen").GetBoolean()
        );
        columns.Interest[fleet] = (float)Number(given, "interest");
        columns.LogRate[fleet] = (float)Number(given, "x");
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static double Error(double actual, double expected, double scale = 0) =>
        Math.Abs(actual - expected) / Math.Max(1, scale > 0 ? scale : Math.Abs(expected));

    private sealed record Extreme(
        PricingPolicy Policy,
        double Capacity,
        double Demand,
        double MarginFirm,
        double MarginSpot,
        double Accepted
    );
}
