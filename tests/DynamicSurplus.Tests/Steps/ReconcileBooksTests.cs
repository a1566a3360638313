using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Pricing;
using DynamicSurplus.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Steps;

/// <summary>Each test breaks what is stored in one way; one pass finds it, mends it and records it.</summary>
public sealed class ReconcileBooksTests : IAsyncDisposable
{
    private static readonly FleetId Fleet = LeaseWorld.Fleet;

    private readonly LeaseWorld _world = new();
    private readonly ServiceProvider _process;

    public ReconcileBooksTests() => _process = _world.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _world.Time.GetUtcNow();

    private ICapacityBooks Books => Get<ICapacityBooks>();

    private IWakeups Wakeups => Get<IWakeups>();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [Fact]
    public async Task Books_that_agree_are_left_alone_at_every_stage_of_a_lease()
    {
        await PricedAsync();
        var quote = await QuoteAsync("quote");
        var active = await LeaseAsync("active");
        var reclaimed = await LeaseAsync("reclaimed");
        await ReclaimAsync(reclaimed);
        await EndAsync(await LeaseAsync("ended"));

        var report = await RunAsync();

        report.Repairs.ShouldBeEmpty();
        (report.Fleets, report.Leases).ShouldBe((1, 4));
        (await AuditAsync()).ShouldBeEmpty();
        (await StateAsync(quote)).Lease.Status.ShouldBe(LeaseStatus.Held);
        (await StateAsync(active)).Lease.Status.ShouldBe(LeaseStatus.Active);
        (await StateAsync(reclaimed)).Lease.Status.ShouldBe(LeaseStatus.Reclaiming);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-3)]
    public async Task Book_that_is_not_the_sum_of_its_reservations_is_recounted(int gpus)
    {
        await PricedAsync();
        await LeaseAsync("key");
        var (right, version) = await Books.ReadAsync(Fleet, Stop);
        await Books.TryCorrectAsync(right with { ActiveSpot = right.ActiveSpot + gpus }, version, Stop);

        var repair = (await RunAsync()).Repairs.ShouldHaveSingleItem();

        (repair.Kind, repair.Target, repair.IsDone).ShouldBe((RepairKind.Book, "/v1/fleets/north", true));
        (await Books.ReadAsync(Fleet, Stop)).Book.ShouldBe(right);
        await ShouldBeRecordedAsync(repair, "repair book");
        await ShouldAgreeAsync();
    }

    [Theory]
    [InlineData(ReservationState.Held)]
    [InlineData(ReservationState.InNotice)]
    [InlineData(ReservationState.Released)]
    public async Task Reservation_of_a_running_lease_is_what_its_journal_says(ReservationState wrong)
    {
        await PricedAsync();
        var lease = await LeaseAsync("key");
        var right = await ReservationAsync(lease);
        await PutAsync(right! with { State = wrong });

        var repair = (await RunAsync()).Repairs.ShouldHaveSingleItem();

        (repair.Kind, repair.Target, repair.IsDone).ShouldBe((RepairKind.Reservation, $"/v1/leases/{lease}", true));
        (await ReservationAsync(lease)).ShouldBe(right);
        await ShouldBeRecordedAsync(repair, "repair reservation");
        await ShouldAgreeAsync();
    }

    [Fact]
    public async Task Running_lease_whose_reservation_is_lost_has_one_again()
    {
        await PricedAsync();
        var lease = await LeaseAsync("key");
        var right = await ReservationAsync(lease);
        await PutAsync(right! with { State = ReservationState.Released });
        await Books.ForgetAsync(Fleet, lease, Stop);

        (await RunAsync()).Repairs.ShouldHaveSingleItem().Kind.ShouldBe(RepairKind.Reservation);

        (await ReservationAsync(lease))!.Gpus.ShouldBe(right!.Gpus);
        await ShouldAgreeAsync();
    }

    [Fact]
    public async Task Gpus_that_a_lease_holds_after_its_end_are_freed()
    {
        await PricedAsync();
        var lease = await LeaseAsync("key");
        var running = await ReservationAsync(lease);
        await EndAsync(lease);
        await PutAsync(running!);

        (await RunAsync()).Repairs.ShouldHaveSingleItem().Kind.ShouldBe(RepairKind.Reservation);

        (await Books.ReadAsync(Fleet, Stop)).Book.Taken.ShouldBe(0);
        await ShouldAgreeAsync();
    }

    [Fact]
    public async Task Orphan_reservation_is_freed_by_winning_version_one()
    {
        await PricedAsync();
        var orphan = await ReserveAsync("orphan");

        var repair = (await RunAsync()).Repairs.ShouldHaveSingleItem();

        repair.Kind.ShouldBe(RepairKind.Wakeup);
        (await StateAsync(orphan)).Lease.Status.ShouldBe(LeaseStatus.Lapsed);
        (await ReservationAsync(orphan))!.State.ShouldBe(ReservationState.Released);
        (await QuoteAsync("orphan", LeaseTier.Spot)).ShouldBe(orphan);
        (await Books.ReadAsync(Fleet, Stop)).Book.Taken.ShouldBe(0, "a late hold reserves nothing again");
        await ShouldBeRecordedAsync(repair, "repair wakeup");
        await ShouldAgreeAsync();
    }

    [Fact]
    public async Task Reservation_whose_hold_is_under_way_is_left_alone()
    {
        await PricedAsync();
        var held = await ReserveAsync("held");
        await Wakeups.ScheduleAsync(new(held, Fleet, Now.AddSeconds(65)), Stop);

        (await RunAsync()).Repairs.ShouldBeEmpty();

        (await ReservationAsync(held))!.State.ShouldBe(ReservationState.Held);
        (await StateAsync(held)).Lease.Status.ShouldBe(LeaseStatus.None);
    }

    [Fact]
    public async Task Lease_that_nothing_would_wake_is_woken_when_it_is_due()
    {
        await PricedAsync();
        var lease = await LeaseAsync("key");
        await LoseWakeupsAsync();

        var repair = (await RunAsync()).Repairs.ShouldHaveSingleItem();

        repair.Kind.ShouldBe(RepairKind.Wakeup);
        var due = (await WakeupsAsync()).ShouldHaveSingleItem();
        due.ShouldBe(new Wakeup(lease, Fleet, (await StateAsync(lease)).Lease.NextWake!.Value));
        await ShouldAgreeAsync();
    }

    [Fact]
    public async Task Lease_that_should_have_been_woken_is_woken_now()
    {
        await PricedAsync();
        var lease = await LeaseAsync("key");
        await LoseWakeupsAsync();
        _world.Time.Advance(TimeSpan.FromHours(2));

        (await RunAsync()).Repairs.ShouldHaveSingleItem().Kind.ShouldBe(RepairKind.Wakeup);

        (await StateAsync(lease)).Lease.Status.ShouldBe(LeaseStatus.Settled);
        (await StateAsync(lease)).Lease.EndReason.ShouldBe(EndReason.TermOver);
        await ShouldAgreeAsync();
    }

    [Fact]
    public async Task View_that_shows_something_else_is_refreshed()
    {
        await PricedAsync();
        var lease = await LeaseAsync("key");
        var state = await StateAsync(lease);
        var right = LeaseView.Of(state.Lease, state.LastHash);
        await Get<ILeaseViews>().PutAsync(right with { Gpus = 31 }, Stop);

        var repair = (await RunAsync()).Repairs.ShouldHaveSingleItem();

        (repair.Kind, repair.Target, repair.IsDone).ShouldBe((RepairKind.View, $"/v1/leases/{lease}", true));
        (await Get<ILeaseViews>().FindAsync(LeaseWorld.Tenant, lease, Stop)).ShouldBe(right);
        await ShouldAgreeAsync();
    }

    [Fact]
    public async Task Everything_at_once_is_mended_in_one_pass()
    {
        await PricedAsync();
        var (first, second) = (await LeaseAsync("first"), await LeaseAsync("second"));
        await PutAsync((await ReservationAsync(first))! with { State = ReservationState.Held, ActiveAt = null });
        await PutAsync((await ReservationAsync(second))! with { Gpus = 1 });
        await ReserveAsync("orphan");
        await LoseWakeupsAsync();
        var (book, version) = await Books.ReadAsync(Fleet, Stop);
        await Books.TryCorrectAsync(book with { LongFirm = 9, InNotice = 7 }, version, Stop);

        var repairs = (await RunAsync()).Repairs;

        repairs.ShouldAllBe(repair => repair.IsDone);
        repairs.Count(repair => repair.Kind == RepairKind.Reservation).ShouldBe(2);
        repairs.Count(repair => repair.Kind == RepairKind.Wakeup).ShouldBe(3);
        await ShouldAgreeAsync();
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_repaired()
    {
        await PricedAsync();
        await LeaseAsync("key");
        var (right, version) = await Books.ReadAsync(Fleet, Stop);
        var wrong = right with { HeldFirm = 9 };
        await Books.TryCorrectAsync(wrong, version, Stop);
        await using var mute = _world.Start(services: s => s.AddSingleton<IAuditLog>(new FullLog()));

        var repair = (await RunAsync(mute)).Repairs.ShouldHaveSingleItem();

        repair.IsDone.ShouldBeFalse();
        (await Books.ReadAsync(Fleet, Stop)).Book.ShouldBe(wrong);
    }

    [Fact]
    public async Task Lease_that_changes_between_the_looks_is_left_to_whoever_changes_it()
    {
        await PricedAsync();
        var lease = await LeaseAsync("key");
        await PutAsync((await ReservationAsync(lease))! with { State = ReservationState.Held });
        var running = RunAsync(settle: TimeSpan.FromSeconds(1));
        await EndAsync(lease);

        (await running).Repairs.ShouldBeEmpty();

        await ShouldAgreeAsync();
    }

    private T Get<T>()
        where T : notnull => _process.GetRequiredService<T>();

    private Task<ReconcileReport> RunAsync(IServiceProvider? process = null, TimeSpan settle = default) =>
        (process ?? _process).GetRequiredService<ReconcileBooks>().RunAsync(shard: 0, settle, Stop);

    private async Task ShouldAgreeAsync()
    {
        (await RunAsync()).Repairs.ShouldBeEmpty("a second pass finds nothing");
        (await _process.GetRequiredService<AuditBooks>().RunAsync(Stop)).Findings.ShouldBeEmpty();
    }

    private async Task ShouldBeRecordedAsync(Repair repair, string action)
    {
        var entries = await AuditAsync();
        var mine = entries.Where(entry => entry.Target == repair.Target && entry.Action == action).ToList();
        mine.Select(entry => entry.Stage).ShouldBe([AuditStage.Intent, AuditStage.Outcome]);
        mine[1].Intent.ShouldBe(mine[0].Id);
        mine[1].Status.ShouldBe(200);
        mine.ShouldAllBe(entry => entry.Caller == "reconciler" && entry.Detail == repair.Detail);
    }

    private async Task<IReadOnlyList<AuditEntry>> AuditAsync() =>
        (await Get<IAuditLog>().ListAsync(DateTimeOffset.MinValue, null, null, 1_000, Stop)).Entries;

    private async Task PricedAsync()
    {
        await _world.RegisterAsync(_process, Stop);
        await _world.MinuteAsync(_process, running: 10, healthy: 64, Stop);
    }

    private async Task<LeaseId> LeaseAsync(string key) =>
        (await _world.LeaseAsync(_process, key, LeaseTier.Spot, 4, TimeSpan.FromHours(1), Stop))!.Id;

    private async Task<LeaseId> QuoteAsync(string key, LeaseTier tier = LeaseTier.Firm)
    {
        var request = new LeaseRequest(LeaseWorld.Tenant, tier, 4, TimeSpan.FromMinutes(30), Fleet: Fleet);
        return (await Get<RequestQuote>().RunAsync(request, key, "hash-" + key, Stop)).Lease!.Lease.Id;
    }

    private Task<LeaseOutcome> ReclaimAsync(LeaseId lease) =>
        Get<HandleLeaseCommand>()
            .RunAsync(
                lease,
                new LeaseCommand.Reclaim(CommandId.From("reclaim"), Now, default, ReclaimReason.InternalDemand),
                Stop
            );

    private Task<LeaseOutcome> EndAsync(LeaseId lease) =>
        Get<HandleLeaseCommand>().RunAsync(lease, new LeaseCommand.End(CommandId.From("end"), Now, default), Stop);

    /// <summary>What a crash leaves between the reservation and its event, its wake-up lost as well.</summary>
    private async Task<LeaseId> ReserveAsync(string key)
    {
        var lease = LeaseId.For(LeaseWorld.Tenant, key);
        var reservation = new Reservation(
            Fleet,
            lease,
            LeaseWorld.Tenant,
            LeaseTier.Spot,
            4,
            Rate.FromUsd(1),
            TimeSpan.FromSeconds(120),
            TimeSpan.Zero,
            LongTerm: false,
            InterruptionProbability: 0,
            default,
            ReservationState.Held
        );
        var slice = new SurplusSlice(64, 64, 64);
        var outcome = await Get<CapacityLedgers>().ReserveAsync(reservation, slice, Stop);
        outcome.ShouldBeOfType<ReserveOutcome.Reserved>();
        return lease;
    }

    private Task<Reservation?> ReservationAsync(LeaseId lease) => Books.FindAsync(Fleet, lease, Stop);

    /// <summary>Writes a reservation and the book that goes with it, whatever the journal says.</summary>
    private async Task PutAsync(Reservation reservation)
    {
        var (book, version) = await Books.ReadAsync(Fleet, Stop);
        var others = (await Books.ListAsync(Fleet, Stop)).Where(other => other.Lease != reservation.Lease);
        var sum = CapacityLedger.Recount(book, [.. others, reservation]);
        (await Books.TryCommitAsync(sum, reservation, version, Stop)).ShouldBeTrue();
    }

    private async Task LoseWakeupsAsync()
    {
        foreach (var wakeup in await WakeupsAsync())
        {
            await Wakeups.RemoveAsync(wakeup, Stop);
        }
    }

    private Task<IReadOnlyList<Wakeup>> WakeupsAsync() => Wakeups.DueAsync(DateTimeOffset.MaxValue, 100, Stop);

    private Task<LeaseState> StateAsync(LeaseId lease) => Get<LeaseStreams>().ReadAsync(lease, Stop);

    private sealed class FullLog : IAuditLog
    {
        public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken) =>
            throw new IOException("The log is full.");

        public Task<AuditPage> ListAsync(
            DateTimeOffset from,
            DateTimeOffset? to,
            AuditId? after,
            int most,
            CancellationToken cancellationToken
        ) => throw new IOException("The log is full.");
    }
}
