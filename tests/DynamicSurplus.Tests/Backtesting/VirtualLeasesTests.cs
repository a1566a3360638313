using DynamicSurplus.Leasing;
using DynamicSurplus.Local.Backtesting;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Backtesting;

public class VirtualLeasesTests
{
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(120);
    private readonly VirtualLeases _leases = new(
        Given.Fleet,
        Given.Length,
        TimeSpan.FromSeconds(60),
        TimeSpan.FromSeconds(5)
    );

    [Fact]
    public void Lease_is_active_at_once_and_billed_to_the_end_of_its_term()
    {
        _leases.Lease(Terms(LeaseTier.Spot, gpus: 4, minutes: 30, usd: 0.5m), Given.At(0));
        _leases.Book.ActiveSpot.ShouldBe(4);

        _leases.WakeAt(Given.At(29));
        _leases.Book.ActiveSpot.ShouldBe(4);

        _leases.WakeAt(Given.At(30));
        _leases.Book.Taken.ShouldBe(0);
        _leases.Revenue.ShouldBe(new MicroUsd(1_000_000));
        _leases.BilledGpuSeconds.ShouldBe(4 * 1800);
        (_leases.Admitted, _leases.Settled, _leases.Reclaimed).ShouldBe((1, 1, 0));
        _leases.Reservations.ShouldBeEmpty();
    }

    [Fact]
    public void Reclaim_frees_two_ticks_later_and_bills_until_then()
    {
        _leases.Lease(Terms(LeaseTier.Spot, gpus: 4, minutes: 60, usd: 0.6m), Given.At(0));

        _leases.Reclaim(Given.At(20), capacity: 8, demand: 6, wall: 1, Notice);
        (_leases.Book.ActiveSpot, _leases.Book.InNotice).ShouldBe((0, 4));
        _leases.WakeAt(Given.At(21));
        _leases.Reclaim(Given.At(21), capacity: 8, demand: 8, wall: 1, Notice);
        _leases.Book.InNotice.ShouldBe(4);

        _leases.WakeAt(Given.At(22));
        _leases.Book.Taken.ShouldBe(0);
        _leases.Revenue.ShouldBe(new MicroUsd(880_000));
        (_leases.Reclaimed, _leases.Settled).ShouldBe((1, 1));
    }

    [Fact]
    public void Notice_that_ends_between_ticks_is_billed_to_the_second()
    {
        var terms = Terms(LeaseTier.Spot, gpus: 1, minutes: 60, usd: 0.36m) with { Notice = TimeSpan.FromSeconds(90) };
        _leases.Lease(terms, Given.At(0));
        _leases.Reclaim(Given.At(10), capacity: 1, demand: 1, wall: 1, Notice);

        _leases.WakeAt(Given.At(12));

        _leases.BilledGpuSeconds.ShouldBe(690);
        _leases.Revenue.ShouldBe(new MicroUsd(69_000));
    }

    [Fact]
    public void Only_spot_leases_yield_and_no_more_of_them_than_needed()
    {
        _leases.Lease(Terms(LeaseTier.Firm, gpus: 4, minutes: 60), Given.At(0));
        _leases.Lease(Terms(LeaseTier.Spot, gpus: 2, minutes: 60), Given.At(0));
        _leases.Lease(Terms(LeaseTier.Spot, gpus: 1, minutes: 60), Given.At(0));

        _leases.Reclaim(Given.At(15), capacity: 8, demand: 2, wall: 1, Notice);
        (_leases.Book.ActiveFirm, _leases.Book.ActiveSpot, _leases.Book.InNotice).ShouldBe((4, 2, 1));

        _leases.Reclaim(Given.At(15), capacity: 8, demand: 8, wall: 1, Notice);
        (_leases.Book.ActiveFirm, _leases.Book.ActiveSpot, _leases.Book.InNotice).ShouldBe((4, 0, 3));
    }

    [Fact]
    public void Everything_is_ended_and_settled_at_the_end()
    {
        _leases.Lease(Terms(LeaseTier.Firm, gpus: 1, minutes: 60, usd: 1), Given.At(0));
        _leases.Lease(Terms(LeaseTier.Spot, gpus: 1, minutes: 60, usd: 1), Given.At(0));
        _leases.Lease(Terms(LeaseTier.Spot, gpus: 1, minutes: 6, usd: 1), Given.At(0));
        _leases.Reclaim(Given.At(11), capacity: 3, demand: 2, wall: 1, Notice);

        _leases.EndAll(Given.At(12));

        _leases.Settled.ShouldBe(3);
        _leases.BilledGpuSeconds.ShouldBe(60 * (12 + 12 + 6));
        _leases.Book.Taken.ShouldBe(0);
    }

    [Fact]
    public void Book_is_the_sum_of_its_reservations_and_revenue_the_sum_of_what_ran()
    {
        var random = new RandomStream(17);
        var slice = new SurplusSlice(Firm: 20, Total: 40, Always: 0);
        var ran = 0.0;

        for (var i = 0; i < 2000; i++)
        {
            _leases.WakeAt(Given.At(i));
            _leases.Reclaim(Given.At(i), capacity: 40, demand: random.NextUniform() < 0.1 ? 25 : 0, wall: 1, Notice);
            var terms = Terms(
                random.NextUniform() < 0.5 ? LeaseTier.Spot : LeaseTier.Firm,
                gpus: 1 + random.NextPoisson(2),
                minutes: 5 + random.NextPoisson(20),
                usd: 0.1m + (decimal)Math.Round(random.NextUniform(), 4)
            );
            if (Admission.Admits(terms.Tier, terms.Gpus, longTerm: false, slice, _leases.Book) is null)
            {
                _leases.Lease(terms, Given.At(i));
            }
            CapacityLedger.Recount(_leases.Book, _leases.Reservations).ShouldBe(_leases.Book);
            _leases.Book.Taken.ShouldBeLessThanOrEqualTo(40);
            ran += _leases.Reservations.Sum(r => r.Gpus * (double)r.Rate.UsdPerGpuHour / 60);
        }
        _leases.EndAll(Given.At(2000));

        _leases.Admitted.ShouldBeGreaterThan(500);
        _leases.Reclaimed.ShouldBeGreaterThan(50);
        _leases.Settled.ShouldBe(_leases.Admitted);
        // Each statement is rounded to a micro-dollar.
        ((double)_leases.Revenue.Usd).ShouldBe(ran, 0.5e-6 * _leases.Admitted);
    }

    private static LeaseTerms Terms(LeaseTier tier, int gpus, int minutes, decimal usd = 0.5m) =>
        new(
            TenantId.Parse("acme"),
            Given.Fleet,
            tier,
            gpus,
            TimeSpan.FromMinutes(minutes),
            Rate.FromUsd(usd),
            MaxRate: null,
            Notice,
            MinimumRun: TimeSpan.FromMinutes(10),
            GrantTimeout: TimeSpan.FromMinutes(10)
        );
}
