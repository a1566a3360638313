using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Settlement;
using DynamicSurplus.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

public sealed class CheckLedgerTests
{
    private static readonly BillingPeriod August = new(2026, 8);

    private readonly LeaseWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_engine_booked_is_right()
    {
        await using var process = await AcrossTheMonthAsync();

        var report = await process.GetRequiredService<CheckLedger>().RunAsync(Stop);

        report.Findings.ShouldBeEmpty();
        (report.Periods, report.Leases, report.Records).ShouldBe((2, 1, 6));
        report.Debits.ShouldBeGreaterThan(MicroUsd.Zero);
    }

    [Fact]
    public async Task A_month_goes_on_from_what_another_process_booked()
    {
        await using (await AcrossTheMonthAsync()) { }
        await using var next = _world.Start();
        await _world.MinuteAsync(next, running: 50, healthy: 64, Stop);

        var report = await next.GetRequiredService<CheckLedger>().RunAsync(Stop);

        (report.Findings.Count, report.Records).ShouldBe((0, 7));
    }

    [Fact]
    public async Task A_book_that_lacks_a_tick_is_found()
    {
        await using var process = await AcrossTheMonthAsync();
        var books = process.GetRequiredService<IDisplacedBooks>();
        var september = await books.ReadAsync(0, August.Next, Stop);
        await books.PutAsync(0, August, new Tick(long.MaxValue), september, Stop);

        var report = await process.GetRequiredService<CheckLedger>().RunAsync(Stop);

        report.Findings.ShouldHaveSingleItem().ToString().ShouldStartWith("fleet north: 2026-08 books ");
    }

    [Fact]
    public async Task A_gap_costs_its_seconds_at_the_tick_that_ends_it()
    {
        await using var process = _world.Start();
        await _world.RegisterAsync(process, Stop);
        await _world.MinuteAsync(process, running: 40, healthy: 64, Stop);
        var before = await DisplacedAsync(process);

        _world.Time.Advance(TimeSpan.FromMinutes(9));
        await _world.MinuteAsync(process, running: 40, healthy: 64, Stop);

        (before.GpuMilliseconds, (await DisplacedAsync(process)).GpuMilliseconds).ShouldBe(
            (8 * 60_000, 8 * 11 * 60_000)
        );
        (await process.GetRequiredService<CheckLedger>().RunAsync(Stop)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_owner_pays_from_then_on()
    {
        await using var process = _world.Start();
        await _world.RegisterAsync(process, Stop);
        await _world.MinuteAsync(process, running: 40, healthy: 64, Stop);
        var directory = process.GetRequiredService<IFleetDirectory>();
        var fleet = (await directory.FindAsync(LeaseWorld.Fleet, Stop))!;
        await directory.TryPutAsync(fleet.Value with { Team = "serving", Revision = 2 }, fleet.Version, Stop);

        await _world.MinuteAsync(process, running: 48, healthy: 64, Stop);

        var entries = await process.GetRequiredService<ReadDisplaced>().RunAsync(August, Stop);
        entries
            .Select(entry => $"{entry.Team} {entry.Cost.GpuMilliseconds}")
            .ShouldBe(["platform 480000", "serving 960000"]);
    }

    [Fact]
    public async Task A_state_from_before_money_was_booked_still_loads()
    {
        await using (var before = _world.Start())
        {
            await _world.RegisterAsync(before, Stop);
            await _world.MinuteAsync(before, running: 10, healthy: 64, Stop);
            var store = before.GetRequiredService<IShardStore>();
            var state = (await store.LoadStateAsync(0, Stop))!;
            await store.TrySaveStateAsync(0, FirstVersion.Of(state.Value), state.Version, Stop);
        }
        await using var process = _world.Start();

        await _world.MinuteAsync(process, running: 40, healthy: 64, Stop);

        var entry = (await process.GetRequiredService<ReadDisplaced>().RunAsync(August, Stop)).ShouldHaveSingleItem();
        (entry.Team, entry.Cost.GpuMilliseconds).ShouldBe(("platform", 480_000));
        var use = (await process.GetRequiredService<ReadFleetUse>().RunAsync(Stop)).ShouldHaveSingleItem();
        use.CapacityGpuSeconds.ShouldBe(2 * 64 * 60);
        use.DisplacedCost.ShouldBe(entry.Cost.Amount);
    }

    private static async Task<DisplacedCost> DisplacedAsync(ServiceProvider process) =>
        (await process.GetRequiredService<ReadDisplaced>().RunAsync(August, Stop)).ShouldHaveSingleItem().Cost;

    /// <summary>A lease and demand past the wall, three ticks before the month's end and three after.</summary>
    private async Task<ServiceProvider> AcrossTheMonthAsync()
    {
        var process = _world.Start();
        _world.Time.SetUtcNow(August.End.AddMinutes(-4));
        await _world.RegisterAsync(process, Stop);
        await _world.MinuteAsync(process, running: 40.25, healthy: 64, Stop);
        await _world.LeaseAsync(process, "key", LeaseTier.Spot, 8, TimeSpan.FromMinutes(30), Stop);
        foreach (var running in (double[])[33, 39.7, 32, 35, 40])
        {
            await _world.MinuteAsync(process, running, healthy: 64, Stop);
        }
        return process;
    }
}
