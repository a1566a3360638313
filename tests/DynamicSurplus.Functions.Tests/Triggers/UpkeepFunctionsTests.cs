using DynamicSurplus.Engine.InMemory;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Functions.Triggers;
using DynamicSurplus.Measures;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Functions.Tests.Triggers;

/// <summary>The functions PurgeInstances, ReconcileBooks and SweepLeases.</summary>
public sealed class UpkeepFunctionsTests
{
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instances_that_finished_and_began_thirty_days_ago_are_purged()
    {
        await using var app = new App();
        var client = new PurgedClient();

        await app.Functions<UpkeepFunctions>().PurgeInstancesAsync(new(), client, Stop);

        client.Filter.ShouldNotBeNull();
        client.Filter.CreatedFrom.ShouldBeNull();
        client.Filter.CreatedTo.ShouldBe(app.Time.GetUtcNow().AddDays(-30));
        client.Filter.Statuses!.ShouldBe([
            OrchestrationRuntimeStatus.Completed,
            OrchestrationRuntimeStatus.Failed,
            OrchestrationRuntimeStatus.Terminated,
        ]);
        app.Log.All.ShouldContain("Information: 7 finished instances purged.");
    }

    [Fact]
    public async Task Overdue_wakeups_are_handled_and_the_others_wait()
    {
        await using var app = new App();
        var (overdue, due, later) = (Wakeup(app, -15), Wakeup(app, -14), Wakeup(app, 60));
        var table = app.Get<IWakeups>();
        foreach (var wakeup in new[] { overdue, due, later })
        {
            await table.ScheduleAsync(wakeup, Stop);
        }

        await app.Functions<UpkeepFunctions>().SweepLeasesAsync(new(), new NoClient(), Stop);

        (await table.DueAsync(DateTimeOffset.MaxValue, 10, Stop)).ShouldBe([due, later]);
    }

    [Fact]
    public async Task Lease_that_fails_stops_neither_the_others_nor_the_pass()
    {
        var journal = new BrokenJournal();
        await using var app = new App(adapters: services =>
            services.Replace(ServiceDescriptor.Singleton<ILeaseJournal>(journal))
        );
        var wakeups = Enumerable.Range(0, 20).Select(number => Wakeup(app, -20 - number)).ToArray();
        journal.Broken = wakeups[7].Lease;
        foreach (var wakeup in wakeups)
        {
            await app.Get<IWakeups>().ScheduleAsync(wakeup, Stop);
        }

        await app.Functions<UpkeepFunctions>().SweepLeasesAsync(new(), new NoClient(), Stop);

        (await app.Get<IWakeups>().DueAsync(DateTimeOffset.MaxValue, 100, Stop)).ShouldBe([wakeups[7]]);
        app.Log.All.ShouldContain(
            $"Warning: Lease {wakeups[7].Lease} could not be woken; the next sweep finds it again."
        );
    }

    [Fact]
    public async Task Events_that_are_a_month_old_are_trimmed()
    {
        await using var app = new App();
        var told = new FeedEvent("id", "type", LeaseId.For(Tenant, "key"), app.Time.GetUtcNow(), new byte[2]);
        await app.Get<IEventFeed>().AppendAsync(Tenant, told, Stop);
        app.Time.Advance(TimeSpan.FromDays(30));
        await app.Get<IEventFeed>()
            .AppendAsync(Tenant, told with { Id = "id-2", PublishedAt = app.Time.GetUtcNow() }, Stop);

        await app.Functions<UpkeepFunctions>().TrimEventsAsync(new(), Stop);
        app.Time.Advance(TimeSpan.FromTicks(1));
        await app.Functions<UpkeepFunctions>().TrimEventsAsync(new(), Stop);

        app.Log.All.ShouldBe(["Information: 0 old events trimmed.", "Information: 1 old events trimmed."]);
        (await app.Get<IEventFeed>().ReadAsync(Tenant, 0, 10, Stop)).ShouldHaveSingleItem().Event.Id.ShouldBe("id-2");
    }

    [Fact]
    public async Task Book_that_says_too_much_is_put_right()
    {
        await using var app = new App();
        await app.RegisterAsync(App.North);
        await app.Get<ICapacityBooks>().TryCorrectAsync(new(App.North, HeldSpot: 7), null, Stop);

        await app.Functions<UpkeepFunctions>().ReconcileBooksAsync(new(), new NoClient(), Stop);

        (await app.Get<ICapacityBooks>().ReadAsync(App.North, Stop)).Book.ShouldBe(new(App.North));
        app.Log.All.ShouldContain(line => line.StartsWith("Warning: Repaired the book of /v1/fleets/north"));
    }

    private static Wakeup Wakeup(App app, int seconds) =>
        new(LeaseId.For(Tenant, $"{seconds}"), App.North, app.Time.GetUtcNow().AddSeconds(seconds));

    private sealed class PurgedClient : NoClient
    {
        public PurgeInstancesFilter? Filter { get; private set; }

        public override Task<PurgeResult> PurgeAllInstancesAsync(
            PurgeInstancesFilter filter,
            CancellationToken cancellation
        )
        {
            Filter = filter;
            return Task.FromResult(new PurgeResult(7));
        }
    }

    private sealed class BrokenJournal : ILeaseJournal
    {
        private readonly InMemoryLeaseJournal _inner = new();

        public LeaseId Broken { get; set; }

        public Task<LeaseStream> ReadAsync(LeaseId lease, CancellationToken cancellationToken) =>
            lease == Broken
                ? throw new IOException("The partition moves.")
                : _inner.ReadAsync(lease, cancellationToken);

        public Task<bool> TryAppendAsync(
            LeaseId lease,
            long expectedVersion,
            IReadOnlyList<StoredEvent> events,
            IReadOnlyList<PendingEffect> effects,
            IReadOnlyList<PendingEffect> done,
            CancellationToken cancellationToken
        ) => _inner.TryAppendAsync(lease, expectedVersion, events, effects, done, cancellationToken);

        public Task CompleteAsync(
            LeaseId lease,
            IReadOnlyList<PendingEffect> done,
            CancellationToken cancellationToken
        ) => _inner.CompleteAsync(lease, done, cancellationToken);

        public IAsyncEnumerable<ScannedStream> ScanAsync(CancellationToken cancellationToken) =>
            _inner.ScanAsync(cancellationToken);
    }
}
