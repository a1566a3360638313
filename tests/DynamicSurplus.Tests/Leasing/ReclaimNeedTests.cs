using CsCheck;
using DynamicSurplus.Leasing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Leasing;

public sealed class ReclaimNeedTests
{
    private static readonly Gen<double> Wall = Gen.OneOf(Gen.Const(1.0), Gen.Double[0.5, 1]);

    [Theory]
    [InlineData(256, 240, 0.85, 20, 60, 42)]
    [InlineData(256, 240, 0.85, 20, 18, 0)]
    [InlineData(256, 240, 1.0, 20, 60, 60)]
    [InlineData(100, 50, 1.0, 0, 50, 0)]
    [InlineData(100, 50.0005, 1.0, 0, 50, 0)]
    [InlineData(100, 50.01, 1.0, 0, 50, 1)]
    [InlineData(100, 100, 1.0, 40, 10, 10)]
    [InlineData(0, 10, 0.85, 0, 8, 8)]
    public void Need_is_what_protected_demand_and_leases_lack(
        double capacity,
        double demand,
        double wall,
        int firm,
        int spot,
        int need
    )
    {
        ReclaimNeed.Of(capacity, demand, wall, firm, spot).ShouldBe(need);
    }

    [Fact]
    public void Need_is_the_least_that_makes_everything_fit_or_all_of_spot()
    {
        Gen.Select(Gen.Int[0, 500], Gen.Double[0, 700], Wall, Gen.Int[0, 200], Gen.Int[0, 200])
            .Sample(
                (capacity, demand, wall, firm, spot) =>
                {
                    var need = ReclaimNeed.Of(capacity, demand, wall, firm, spot);

                    need.ShouldBeInRange(0, spot);
                    (Fits(need) || need == spot).ShouldBeTrue();
                    (need == 0 || !Fits(need - 1)).ShouldBeTrue();

                    bool Fits(int reclaimed) =>
                        Math.Min(demand, wall * capacity) + firm + spot - reclaimed <= capacity + 1e-3 + 1e-9;
                }
            );
    }

    [Fact]
    public void Need_grows_with_demand_and_with_what_is_leased()
    {
        Gen.Select(Gen.Int[0, 500], Gen.Double[0, 700], Wall, Gen.Int[0, 200], Gen.Int[0, 200], Gen.Int[0, 50])
            .Sample(
                (capacity, demand, wall, firm, spot, more) =>
                {
                    var need = ReclaimNeed.Of(capacity, demand, wall, firm, spot);

                    ReclaimNeed.Of(capacity, demand + more, wall, firm, spot).ShouldBeGreaterThanOrEqualTo(need);
                    ReclaimNeed.Of(capacity, demand, wall, firm + more, spot).ShouldBeGreaterThanOrEqualTo(need);
                    ReclaimNeed.Of(capacity, demand, wall, firm, spot + more).ShouldBeGreaterThanOrEqualTo(need);
                }
            );
    }
}
