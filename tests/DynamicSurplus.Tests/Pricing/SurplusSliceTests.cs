using CsCheck;
using DynamicSurplus.Pricing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Pricing;

public sealed class SurplusSliceTests
{
    private static readonly Gen<double> Share = Gen.Double[0, 1];

    [Theory]
    [InlineData(0.85, 38.4, 106)]
    [InlineData(1.0, 10.573601, 106)]
    public void Slice_is_that_of_the_reference_models_example(double wall, double firm, double total)
    {
        var slice = SurplusSlice.Of(256, 150, wall, 0.37275937203149395, 0);

        slice.Firm.ShouldBe(firm, 5e-7);
        slice.Total.ShouldBe(total, 5e-7);
        slice.Always.ShouldBe((1 - wall) * 256);
    }

    [Fact]
    public void Slice_lies_between_what_the_wall_always_leaves_and_what_is_free()
    {
        Gen.Select(Gen.Double[0, 20_000], Gen.Double[-10, 30_000], Gen.Double[0.01, 1], Share, Share)
            .Sample(
                (capacity, demand, wall, marginFirm, marginSpot) =>
                {
                    var slice = SurplusSlice.Of(capacity, demand, wall, marginFirm, marginSpot);
                    var noise = 1e-12 * capacity;

                    slice.Firm.ShouldBeGreaterThanOrEqualTo(slice.Always - noise);
                    slice.Total.ShouldBeGreaterThanOrEqualTo(slice.Firm);
                    SurplusSlice.Free(demand, capacity, wall).ShouldBeGreaterThanOrEqualTo(slice.Total - noise);
                }
            );
    }

    [Fact]
    public void Slice_shrinks_with_demand_and_margins()
    {
        Gen.Select(Gen.Double[1, 20_000], Share, Share, Gen.Double[0.01, 1], Share, Share)
            .Sample(
                (capacity, load, more, wall, marginFirm, marginSpot) =>
                {
                    var slice = SurplusSlice.Of(capacity, load * capacity, wall, marginFirm, marginSpot);
                    var busier = SurplusSlice.Of(capacity, (load + more) * capacity, wall, marginFirm, marginSpot);
                    var warier = SurplusSlice.Of(capacity, load * capacity, wall, marginFirm + more, marginSpot + more);

                    busier.Firm.ShouldBeLessThanOrEqualTo(slice.Firm);
                    busier.Total.ShouldBeLessThanOrEqualTo(slice.Total);
                    warier.Firm.ShouldBeLessThanOrEqualTo(slice.Firm);
                    warier.Total.ShouldBeLessThanOrEqualTo(slice.Total);
                }
            );
    }

    [Fact]
    public void Fleet_without_capacity_has_no_slice()
    {
        SurplusSlice.Of(0, 40, 0.85, 0.1, 0.1).ShouldBe(new SurplusSlice(0, 0, 0));
    }

    [Fact]
    public void Spot_margin_is_never_above_the_firm_one()
    {
        var slice = SurplusSlice.Of(100, 20, 1, marginFirm: 0.1, marginSpot: 0.4);

        slice.Total.ShouldBe(70);
        slice.Firm.ShouldBe(70);
    }

    [Theory]
    [InlineData(7.9995, 8)]
    [InlineData(7.9985, 7)]
    [InlineData(8.0, 8)]
    [InlineData(0.0, 0)]
    [InlineData(-0.0005, 0)]
    public void Gpus_on_sale_are_whole_and_rounding_noise_is_forgiven(double gpus, int whole)
    {
        SurplusSlice.Whole(gpus).ShouldBe(whole);
    }
}
