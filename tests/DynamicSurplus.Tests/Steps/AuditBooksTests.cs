using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

/// <summary>One thing at a time is made to contradict the journals, and is named.</summary>
public sealed class AuditBooksTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_lease_and_what_is_derived_from_it_agree()
    {
        await using var arranged = await ArrangeAsync();

        var report = await arranged.AuditAsync();

        report.Findings.ShouldBeEmpty();
        report.Counts.Leases.ShouldBe(1);
        report.Counts.Events.ShouldBe(3);
        report.Counts.Views.ShouldBe(1);
        report.Counts.Reservations.ShouldBe(1);
        report.TakenGpus.ShouldBe(12);
    }

    [Fact]
    public async Task View_that_shows_another_rate_is_named()
    {
        await using var arranged = await ArrangeAsync();
        await arranged.Get<ILeaseViews>().PutAsync(arranged.View with { Rate = Rate.FromUsd(0.01m) }, Stop);

        var report = await arranged.AuditAsync();

        report.Findings.ShouldHaveSingleItem().ToString().ShouldStartWith($"lease {arranged.Lease.Id}, event 3: ");
        report.Findings[0].What.ShouldContain("Rate is 0.0100, not");
    }

    [Fact]
    public async Task View_of_another_last_event_is_named_by_its_hash()
    {
        await using var arranged = await ArrangeAsync();
        await arranged.Get<ILeaseViews>().PutAsync(arranged.View with { LastHash = new('a', 64) }, Stop);

        var report = await arranged.AuditAsync();

        report.Findings.ShouldHaveSingleItem().What.ShouldContain("LastHash");
    }

    [Fact]
    public async Task View_past_the_journals_end_tells_of_missing_events()
    {
        await using var arranged = await ArrangeAsync();
        await arranged.Get<ILeaseViews>().PutAsync(arranged.View with { Version = 4 }, Stop);

        var report = await arranged.AuditAsync();

        report
            .Findings.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe($"lease {arranged.Lease.Id}, event 4: its view shows event 4, and its journal ends with 3");
    }

    [Fact]
    public async Task View_without_a_journal_is_named()
    {
        await using var arranged = await ArrangeAsync();
        var lost = LeaseId.For(LeaseWorld.Tenant, "lost");
        await arranged.Get<ILeaseViews>().PutAsync(arranged.View with { Lease = lost }, Stop);

        var report = await arranged.AuditAsync();

        report.Findings.ShouldHaveSingleItem().Subject.ShouldBe($"lease {lost}");
    }

    [Fact]
    public async Task Book_that_is_not_the_sum_of_its_reservations_is_named()
    {
        await using var arranged = await ArrangeAsync();
        await arranged.CommitAsync(book => book with { HeldFirm = 2 }, reservation => reservation);

        var report = await arranged.AuditAsync();

        report
            .Findings.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("fleet north: its book is not the sum of its reservations: HeldFirm is 2, not 0");
    }

    [Fact]
    public async Task Reservation_that_its_lease_contradicts_is_named()
    {
        await using var arranged = await ArrangeAsync();
        await arranged.CommitAsync(
            book => book with { ActiveSpot = 13 },
            reservation => reservation with { Gpus = 13 }
        );

        var report = await arranged.AuditAsync();

        report.Findings.ShouldHaveSingleItem().What.ShouldContain("Gpus is 13, not 12");
    }

    [Fact]
    public async Task Lease_whose_GPUs_were_freed_is_named()
    {
        await using var arranged = await ArrangeAsync();
        await arranged.CommitAsync(
            book => book with { ActiveSpot = 0 },
            reservation => reservation with { State = ReservationState.Released }
        );

        var report = await arranged.AuditAsync();

        report.Findings.ShouldHaveSingleItem().What.ShouldContain("State is Released, not Active");
    }

    [Fact]
    public async Task Lease_without_a_reservation_is_named()
    {
        await using var arranged = await ArrangeAsync();
        await arranged.CommitAsync(
            book => book with { ActiveSpot = 0 },
            reservation => reservation with { State = ReservationState.Released }
        );
        await arranged.Get<ICapacityBooks>().ForgetAsync(LeaseWorld.Fleet, arranged.Lease.Id, Stop);

        var report = await arranged.AuditAsync();

        report.Findings.ShouldHaveSingleItem().What.ShouldBe("it is Active, and north reserves nothing");
    }

    [Fact]
    public async Task GPUs_held_by_nobody_are_named_unless_a_wake_up_will_free_them()
    {
        await using var arranged = await ArrangeAsync();
        var nobody = LeaseId.For(LeaseWorld.Tenant, "nobody");
        var wakeup = new Wakeup(nobody, LeaseWorld.Fleet, arranged.World.Time.GetUtcNow());
        await arranged.Get<IWakeups>().ScheduleAsync(wakeup, Stop);
        await arranged.CommitAsync(
            book => book with { HeldSpot = 3 },
            reservation => reservation with { Lease = nobody, Gpus = 3, State = ReservationState.Held }
        );

        var woken = await arranged.AuditAsync();
        await arranged.Get<IWakeups>().RemoveAsync(wakeup, Stop);
        var forgotten = await arranged.AuditAsync();

        woken.Findings.ShouldBeEmpty();
        forgotten.Findings.ShouldHaveSingleItem().Subject.ShouldBe($"lease {nobody}");
        forgotten.Findings[0].What.ShouldContain("nobody wakes it");
    }

    [Fact]
    public async Task Lease_that_nobody_wakes_is_named()
    {
        await using var arranged = await ArrangeAsync();
        var wakeups = arranged.Get<IWakeups>();
        foreach (var wakeup in await wakeups.DueAsync(DateTimeOffset.MaxValue.AddDays(-1), 100, Stop))
        {
            await wakeups.RemoveAsync(wakeup, Stop);
        }

        var report = await arranged.AuditAsync();

        report.Findings.ShouldHaveSingleItem().What.ShouldStartWith("nobody wakes it by");
    }

    private static async Task<Arranged> ArrangeAsync()
    {
        var world = new LeaseWorld();
        var process = world.Start();
        await world.RegisterAsync(process, Stop);
        await world.MinuteAsync(process, running: 10, healthy: 64, Stop);
        var lease = await world.LeaseAsync(process, "one", LeaseTier.Spot, 12, TimeSpan.FromMinutes(30), Stop);
        var views = await process.GetRequiredService<ILeaseViews>().ListAsync(null, null, 10, Stop);
        return new(world, process, lease!, views.Leases[0]);
    }

    private sealed record Arranged(LeaseWorld World, ServiceProvider Process, Lease Lease, LeaseView View)
        : IAsyncDisposable
    {
        public T Get<T>()
            where T : notnull => Process.GetRequiredService<T>();

        public Task<AuditReport> AuditAsync() => Get<AuditBooks>().RunAsync(Stop);

        public async Task CommitAsync(Func<CapacityBook, CapacityBook> book, Func<Reservation, Reservation> reservation)
        {
            var books = Get<ICapacityBooks>();
            var (read, version) = await books.ReadAsync(LeaseWorld.Fleet, Stop);
            var held = await books.FindAsync(LeaseWorld.Fleet, Lease.Id, Stop);
            (await books.TryCommitAsync(book(read), reservation(held!), version, Stop)).ShouldBeTrue();
        }

        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
