using Azure.Core;
using DynamicSurplus.Cloud.Blobs;
using DynamicSurplus.Cloud.Tables;
using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Leasing;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Contracts;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Cloud;

/// <summary>
/// A write arrives, its answer does not, and the client sends it again: the retry meets what the first try wrote, which
/// is no conflict and must not count twice.
/// </summary>
public sealed class LostAnswerTests(AzuriteFixture azurite)
{
    private readonly FaultyTransport _transport = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Journal_append_is_won(int expectedVersion)
    {
        var journal = new TableLeaseJournal(await azurite.StorageAsync(_transport));
        PendingEffect[] done = [];
        for (var version = 0; version < expectedVersion; version++)
        {
            done = [Example.Effect(version + 1, 0)];
            await journal.TryAppendAsync(Example.Lease(1), version, [Example.Event(version + 1)], done, [], Stop);
        }
        _transport.LoseAnswer(IsPost);

        var won = await journal.TryAppendAsync(
            Example.Lease(1),
            expectedVersion,
            [Example.Event(expectedVersion + 1, "mine")],
            [Example.Effect(expectedVersion + 1, 0)],
            done,
            Stop
        );

        won.ShouldBeTrue();
        var stream = await journal.ReadAsync(Example.Lease(1), Stop);
        stream.Events[^1].Json.ToArray().ShouldBe(Example.Json("mine"));
        stream.Effects.ShouldHaveSingleItem().Version.ShouldBe(expectedVersion + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Journal_append_that_is_told_of_a_conflict_is_lost_and_writes_nothing(int expectedVersion)
    {
        var journal = new TableLeaseJournal(await azurite.StorageAsync(_transport));
        if (expectedVersion > 0)
        {
            await journal.TryAppendAsync(Example.Lease(1), 0, [Example.Event(1)], [], [], Stop);
        }
        _transport.Refuse(IsPost);

        var won = await journal.TryAppendAsync(
            Example.Lease(1),
            expectedVersion,
            [Example.Event(expectedVersion + 1)],
            [],
            [],
            Stop
        );

        won.ShouldBeFalse();
        (await journal.ReadAsync(Example.Lease(1), Stop)).Events.Count.ShouldBe(expectedVersion);
    }

    [Fact]
    public async Task Capacity_commit_that_is_told_of_a_conflict_is_lost_and_writes_nothing()
    {
        var books = new TableCapacityBooks(await azurite.StorageAsync(_transport));
        await books.TryCommitAsync(new(Example.FleetB), Example.Reservation(Example.FleetB, 1), null, Stop);
        var (_, version) = await books.ReadAsync(Example.FleetB, Stop);
        _transport.Refuse(IsPost);

        var first = await books.TryCommitAsync(new(Example.FleetA), Example.Reservation(Example.FleetA, 1), null, Stop);
        var next = await books.TryCommitAsync(
            new(Example.FleetB),
            Example.Reservation(Example.FleetB, 2),
            version,
            Stop
        );

        (first, next).ShouldBe((false, false));
        (await books.ReadAsync(Example.FleetA, Stop)).Version.ShouldBeNull();
        (await books.ListAsync(Example.FleetB, Stop)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Capacity_commit_is_won()
    {
        var books = new TableCapacityBooks(await azurite.StorageAsync(_transport));
        foreach (var lease in (int[])[1, 2])
        {
            var (_, version) = await books.ReadAsync(Example.FleetA, Stop);
            _transport.LoseAnswer(IsPost);

            var book = new CapacityBook(Example.FleetA, HeldSpot: lease);
            var won = await books.TryCommitAsync(book, Example.Reservation(Example.FleetA, lease), version, Stop);

            won.ShouldBeTrue();
            (await books.ReadAsync(Example.FleetA, Stop)).Book.ShouldBe(book);
        }
    }

    [Fact]
    public async Task Fleet_is_put_and_deleted_with_the_version_that_is_stored()
    {
        var directory = new TableFleetDirectory(await azurite.StorageAsync(_transport), new());
        var fleet = Example.Fleet(Example.FleetA);
        _transport.LoseAnswer(IsPost);
        var first = await directory.TryPutAsync(fleet, null, Stop);
        _transport.LoseAnswer(IsPost);
        var second = await directory.TryPutAsync(fleet with { Pool = "other" }, first, Stop);

        (await directory.FindAsync(fleet.Id, Stop)).ShouldBe(new(fleet with { Pool = "other" }, second!));
        _transport.LoseAnswer(IsPost);
        (await directory.TryDeleteAsync(fleet.Id, second!, Stop)).ShouldBeTrue();
        (await directory.FindAsync(fleet.Id, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Idempotency_claim_is_the_callers()
    {
        var keys = new TableIdempotencyKeys(await azurite.StorageAsync(_transport));
        _transport.LoseAnswer(IsPost);

        (await ClaimAsync()).ShouldBeNull();

        (await ClaimAsync()).ShouldBe(new("hash", null));

        Task<IdempotencyClaim?> ClaimAsync() =>
            keys.TryClaimAsync(Example.Tenant, "key", "hash", Example.Noon, TimeSpan.FromSeconds(30), Stop);
    }

    [Fact]
    public async Task Event_is_in_the_feed_once()
    {
        var feed = new TableEventFeed(await azurite.StorageAsync(_transport));
        foreach (var number in (int[])[1, 2])
        {
            _transport.LoseAnswer(IsPost);
            await feed.AppendAsync(Example.Tenant, Example.Told(number), Stop);
        }
        await feed.AppendAsync(Example.Tenant, Example.Told(3), Stop);

        var entries = await feed.ReadAsync(Example.Tenant, 0, 10, Stop);
        entries.Select(entry => entry.Sequence).ShouldBe([1, 2, 3]);
        entries.Select(entry => entry.Event.Id).ShouldBeUnique();
    }

    [Fact]
    public async Task Webhook_is_added_by_who_added_it()
    {
        var webhooks = new TableWebhooks(await azurite.StorageAsync(_transport));
        foreach (var number in (int[])[1, 2])
        {
            _transport.LoseAnswer(IsPost);

            var addition = await webhooks.TryAddAsync(Example.Webhook("acme", number), most: 2, Stop);

            addition.ShouldBe(WebhookAddition.Added);
        }
    }

    [Fact]
    public async Task Refusals_count_once()
    {
        var refusals = new TableRefusals(await azurite.StorageAsync(_transport));
        _transport.LoseAnswer(IsPost);
        await refusals.AddAsync([Example.Refusal("f", 1)], Example.Noon, Stop);
        _transport.LoseAnswer(IsPut);
        await refusals.AddAsync([Example.Refusal("f", 2)], Example.Noon, Stop);

        (await refusals.ReadAsync("f", Stop)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Shard_state_is_saved_at_the_version_that_is_stored()
    {
        var store = new BlobShardStore(await azurite.StorageAsync(_transport));
        string? version = null;
        for (var save = 1; save <= 2; save++)
        {
            _transport.LoseAnswer(IsPut);
            version = await store.TrySaveStateAsync(0, Example.Bytes(100, save), version, Stop);

            var stored = await store.LoadStateAsync(0, Stop);
            version.ShouldNotBeNull();
            stored!.Version.ShouldBe(version);
            stored.Value.ToArray().ShouldBe(Example.Bytes(100, save));
        }
    }

    [Fact]
    public async Task Record_stands_once()
    {
        var store = new BlobShardStore(await azurite.StorageAsync(_transport));
        for (var minute = 0; minute < 2; minute++)
        {
            _transport.LoseAnswer(IsPut);
            _transport.LoseAnswer(IsAppend);
            await store.AppendRecordAsync(0, Minute(minute), Example.Bytes(50, minute), Stop);
        }

        (await store.ReadRecordsAsync(0, Example.Noon, Stop))
            .ToArray()
            .ShouldBe([.. Example.Bytes(50, 0), .. Example.Bytes(50, 1)]);
    }

    [Fact]
    public async Task Record_that_was_announced_and_never_written_is_written_by_the_next_who_tries()
    {
        const int Tries = 4;
        var store = new BlobShardStore(await azurite.StorageAsync(_transport));
        await store.AppendRecordAsync(0, Minute(3), Example.Bytes(50, 3), Stop);
        _transport.LoseRequest(IsAppend, Tries);
        await Should.ThrowAsync<Exception>(() => store.AppendRecordAsync(0, Minute(5), Example.Bytes(50, 5), Stop));

        foreach (var minute in (int[])[2, 3, 5, 4])
        {
            await store.AppendRecordAsync(0, Minute(minute), Example.Bytes(50, minute), Stop);
        }

        (await store.ReadRecordsAsync(0, Example.Noon, Stop))
            .ToArray()
            .ShouldBe([.. Example.Bytes(50, 3), .. Example.Bytes(50, 5)]);
    }

    private static bool IsPost(Request request) => request.Method == RequestMethod.Post;

    private static bool IsPut(Request request) => request.Method == RequestMethod.Put;

    private static bool IsAppend(Request request) =>
        request.Uri.Query.Contains("comp=appendblock", StringComparison.Ordinal);

    private static Tick Minute(int minute) =>
        new Tick(Example.Noon.ToUnixTimeSeconds()).Plus(minute, TickLength.Default);
}
